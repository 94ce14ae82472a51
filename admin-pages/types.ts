// Writes generated/api.d.ts, the types of the admin API, and generated/lists.ts, what its lists can be asked for: both
// are read from the document that the API makes of its own schemas.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documented } from '../workers/app.ts';
import { openapi } from '../workers/http/openapi.ts';

const FOLDER = fileURLToPath(new URL('./generated', import.meta.url));
const PREFIX = '/api/admin/';

type Schema = { enum?: string[]; type?: string; format?: string; default?: unknown };
type Parameter = { name: string; in: string; schema: Schema };
type Operation = { parameters?: Parameter[]; responses: Record<string, { content?: Record<string, unknown> }> };
type Paths = Record<string, Record<string, Operation>>;

/** Answers what they were made of. */
export async function writeTypes(): Promise<string> {
  const document = openapi(documented());
  const paths = adminPaths(document.paths as unknown as Paths);
  const { schemas } = document.components as { schemas: Record<string, unknown> };
  const components = { schemas: usedOf(schemas, JSON.stringify(paths)) };
  const api = { openapi: document.openapi, info: document.info, paths, components };
  const source = JSON.stringify(api);
  const mark = `// ${createHash('sha256').update(source).digest('hex')}\n`;
  if (isWritten(mark)) return source;

  // Only here: it brings a TypeScript of its own.
  const { astToString, default: typesOf } = await import('openapi-typescript');
  const types = astToString(await typesOf(source, { defaultNonNullable: false }));
  mkdirSync(FOLDER, { recursive: true });
  const made = { LISTS: listsOf(paths), CONDITIONS: conditionsOf(schemas.Conditions as { properties: Conditions }) };
  const constants = Object.entries(made).map(
    ([name, value]) => `export const ${name} = ${JSON.stringify(value)} as const;\n`,
  );
  writeFileSync(join(FOLDER, 'lists.ts'), mark + constants.join(''));
  writeFileSync(join(FOLDER, 'api.d.ts'), mark + types);
  return source;
}

function isWritten(mark: string): boolean {
  const file = join(FOLDER, 'api.d.ts');
  return existsSync(file) && readFileSync(file, 'utf8').startsWith(mark);
}

/** Of the operations for the dashboard: what succeeds, and one shape for all that does not. */
function adminPaths(all: Paths): Paths {
  const problem = { $ref: '#/components/schemas/Problem' };
  const refused = { description: 'Refused', content: { 'application/problem+json': { schema: problem } } };
  const reduced = ([method, operation]: [string, Operation]): [string, Operation] => {
    const good = Object.entries(operation.responses)
      .filter(([status]) => status.startsWith('2'))
      .map(([status, { content }]) => [status, { description: 'Done', ...(content && { content }) }]);
    return [method, { ...operation, responses: { ...Object.fromEntries(good), default: refused } }];
  };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([path]) => path.startsWith(PREFIX))
      .map(([path, operations]) => [path, Object.fromEntries(Object.entries(operations).map(reduced))]),
  );
}

/** The schemas that a text names, and those that they name. */
function usedOf(schemas: Record<string, unknown>, text: string, used: Record<string, unknown> = {}) {
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    if (name in used) continue;
    used[name] = schemas[name];
    usedOf(schemas, JSON.stringify(schemas[name]), used);
  }
  return used;
}

/** What is paged: its orders, the usual one first, and what it is filtered by. */
function listsOf(paths: Paths): Record<string, unknown> {
  const lists = Object.entries(paths).flatMap(([path, { get }]) => {
    const asked = get?.parameters?.filter((parameter) => parameter.in === 'query') ?? [];
    return asked.some(({ name }) => name === 'cursor') ? [[path, listOf(asked)]] : [];
  });
  return Object.fromEntries(lists);
}

const OF_EVERY_LIST = ['limit', 'cursor', 'sort', 'format', 'search'];

function listOf(asked: Parameter[]) {
  const schemaOf = (wanted: string) => asked.find(({ name }) => name === wanted)?.schema;
  const filters = asked.filter(({ name }) => !OF_EVERY_LIST.includes(name));
  return {
    sorts: schemaOf('sort')?.enum ?? [],
    has_csv: schemaOf('format') !== undefined,
    has_search: schemaOf('search') !== undefined,
    filters: Object.fromEntries(filters.map(({ name, schema }) => [name, filterOf(schema)])),
  };
}

function filterOf({ enum: options, type, format, default: usual }: Schema) {
  if (options?.join() === 'true,false') return { kind: 'flag' };
  if (options) return { kind: 'choice', options, usual: usual ?? null };
  if (type === 'integer') return { kind: 'number' };
  return { kind: format === 'date-time' ? 'moment' : 'words' };
}

type Conditions = Record<string, { type?: string; anyOf?: Schema[] }>;

/** What a template can ask of a home: `null` for yes or no, else the values there are; none are listed where they are ids. */
const conditionsOf = ({ properties }: { properties: Conditions }) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, { type, anyOf }]) => [
      name,
      type === 'boolean' ? null : (anyOf?.find(({ enum: values }) => values)?.enum ?? []),
    ]),
  );

if (import.meta.main) await writeTypes();

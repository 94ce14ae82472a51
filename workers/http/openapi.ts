import * as z from 'zod';
import { ADMIN_COOKIE } from './admin-line.ts';
import { exampleOf } from './openapi-examples.ts';
import { described, headers, headersOf, parameters, TAGS } from './openapi-parts.ts';
import type { Door, Operation } from './operations.ts';
import { codesOf, Problem } from './problem.ts';

// Read once a release, and served as a file: none of this is in the Worker.

const INFO = {
  title: 'honeyDue',
  version: '1',
  description:
    'Keeps a home in shape: homes, tasks on a board, completions. Dates are civil dates in your zone (X-Timezone).',
  contact: { name: 'honeyDue', url: 'https://honeydue.app', email: 'support@honeydue.app' },
  license: { name: 'Proprietary', url: 'https://honeydue.app/terms' },
};

type Json = Record<string, unknown>;
type Read = {
  /** The JSON Schema, with the shapes that have a name referred to. */
  schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json;
  /** A value that it describes. */
  example(schema: Json): unknown;
};

/** Reads the OpenAPI 3.1 document off the routes themselves, so that it cannot drift from them. */
export function openapi(documented: Operation[]) {
  const paths: Record<string, Json> = {};
  const schemas: Record<string, Json> = {};
  const read: Read = {
    schemaOf: (schema, io) => schemaOf(schemas, schema, io),
    example: (schema) => exampleOf(schema, schemas),
  };
  for (const operation of documented) {
    const path = operation.path
      .replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')
      .replace(/\/?$/, '/')
      .replace(/\.(json|ics)\/$/, '.$1');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation, path, read) };
  }
  const used = new Set(documented.map(({ path }) => tagOf(path)));
  const securitySchemes = {
    token: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: '`Token <token>`; `Bearer` is accepted.',
    },
    admin_session: {
      type: 'apiKey',
      in: 'cookie',
      name: ADMIN_COOKIE,
      description: 'As login sets it. Writes come from a page of the dashboard: Origin and Sec-Fetch-Site say so.',
    },
  };
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [
      { url: '/', description: 'Where this document is read: local, staging or production', 'x-internal': 'false' },
    ],
    tags: Object.entries(TAGS)
      .filter(([name]) => used.has(name))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas, headers, parameters, securitySchemes },
  };
}

/** A schema with `.meta({ id })` is described once, and referred to. */
function schemaOf(schemas: Record<string, Json>, schema: z.ZodType, io: 'input' | 'output'): Json {
  const made = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: ({ jsonSchema }) => sized(jsonSchema) });
  const {
    $schema: _,
    $defs,
    ...rest
  } = JSON.parse(JSON.stringify(made).replaceAll('#/$defs/', '#/components/schemas/'));
  Object.assign(schemas, $defs);
  if (typeof rest.id !== 'string') return rest;
  schemas[rest.id] = rest;
  return { $ref: `#/components/schemas/${rest.id}` };
}

const sized = (schema: Json): void => {
  if (schema.type === 'integer') schema.format ??= 'int64';
};

const SECURITY: Record<Door, object[]> = { public: [], members: [{ token: [] }], admins: [{ admin_session: [] }] };

function describe(operation: Operation, path: string, { schemaOf, example }: Read): Json {
  const { method, path: route, doc, door } = operation;
  const isPublic = door === 'public';
  const { summary, replies = {}, problems = [], params, query, body } = doc;
  const always = [...(isPublic ? [] : [401]), ...(body || query ? [400] : []), ...(params ? [404] : []), 429, 500, 503];
  const failures = [...new Set([...always, ...problems])].sort();
  const withExample = (schema: Json) => ({ schema, example: example(schema) });
  const reply = (schema: z.ZodType | null): Json =>
    schema === null
      ? { description: 'Done; no body.', headers: headersOf(isPublic, false) }
      : {
          description: schema.description ?? 'Done.',
          headers: headersOf(isPublic, door === 'members'),
          content: { [typeOf(schema)]: withExample(schemaOf(schema, 'output')) },
        };
  const refusal = (status: number): Json => ({
    description: `Refused: ${codesOf(status)
      .map((code) => `\`${code}\``)
      .join(', ')}`,
    headers: headersOf(isPublic, false, status),
    content: {
      'application/problem+json': {
        schema: schemaOf(Problem, 'output'),
        example: {
          type: 'about:blank',
          title: codesOf(status)[0]?.replaceAll('_', ' '),
          status,
          detail: 'What is wrong, in a sentence.',
          code: codesOf(status)[0],
          error: 'What is wrong, in a sentence.',
          request_id: '5b93f988-c3b6-46c8-a591-cf96bf625b91',
        },
      },
    },
  });
  return {
    summary,
    description: described(operation),
    operationId: operationId(method, route),
    tags: [tagOf(path)],
    security: SECURITY[door],
    parameters: [
      ...fields(params, 'path', schemaOf),
      ...fields(query, 'query', schemaOf),
      ...headerParameters(operation),
    ],
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { [typeOf(body)]: withExample(schemaOf(body, 'input')) },
      },
    }),
    responses: {
      ...Object.fromEntries(failures.map((status) => [status, refusal(status)])),
      ...Object.fromEntries(Object.entries(replies).map(([status, schema]) => [status, reply(schema)])),
      '4XX': otherRefusal(isPublic, schemaOf),
    },
  };
}

const typeOf = (schema: z.ZodType): string => String(schema.meta()?.contentMediaType ?? 'application/json');

/** What any operation may answer: a method or a version that is not taken, a body that is too large. */
const otherRefusal = (isPublic: boolean, schemaOf: Read['schemaOf']): Json => ({
  description: 'Refused, as `code` says.',
  headers: headersOf(isPublic, false),
  content: { 'application/problem+json': { schema: schemaOf(Problem, 'output') } },
});

const tagOf = (path: string): string =>
  (path.replace(/^\/api(?=\/)/, '').split('/')[1] ?? 'api').replace(/\.json$/, '');

const operationId = (method: string, path: string): string =>
  [method.toLowerCase(), path.startsWith('/api') ? '' : 'site', ...path.replace(/\{[^}]*\}/g, '').split(/[/:.]/)]
    .filter((part) => part && part !== 'api')
    .join('_')
    .replaceAll('-', '_');

/** The headers that members' operations take, by reference. */
function headerParameters({ method, door }: Operation): Json[] {
  if (door !== 'members') return [];
  const names = method === 'GET' ? ['Timezone', 'IfNoneMatch'] : ['Timezone', 'IdempotencyKey', 'IfMatch'];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

const PATH_WORDS: Record<string, string> = {
  cursor: 'From `next_cursor` of the page before.',
  limit: 'How many at most.',
};

function fields(schema: z.ZodObject | undefined, place: 'path' | 'query', schemaOf: Read['schemaOf']): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    description: description ?? PATH_WORDS[name] ?? `The ${name.replaceAll('_', ' ')}.`,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

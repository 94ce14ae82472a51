import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

// Reads import specifiers instead of asking dependency-cruiser, which sees no .ts file under TypeScript 7. Biome's
// format is what makes that exact: a static import or export begins its line.
const STATIC =
  /^(?:(?:import|export)\b(?<names>[^'"`;=(]*?)\bfrom|import)\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm;
const DYNAMIC =
  /^(?!\s*(?:\/\/|\*)).*?(?:\bimport|\brequire)\s*\(\s*(?:(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>)?/gm;

const DOMAIN = /^domain\//;
const DB = /^db\//;
const USECASES = /^usecases\//;
const QUEUES = /^queues\//;
const ADAPTERS = /^adapters\//;
const ZOD = /^zod$/;
const TESTS = /^(dev|test)\//;

/** What each folder may import: paths from the root, or packages. */
const ALLOWED: Record<string, readonly RegExp[]> = {
  domain: [ZOD, /^temporal-polyfill(\/|$)/, DOMAIN],
  db: [/^drizzle-orm(\/|$)/, /^@neondatabase\/serverless$/, DOMAIN, DB, /^migrations\/meta\/_journal\.json$/],
  usecases: [/^drizzle-orm$/, ZOD, DOMAIN, DB, USECASES],
  queues: [DOMAIN, DB, USECASES, QUEUES],
  adapters: [/^usecases\/ports\.ts$/, DOMAIN, ADAPTERS, ZOD, /^aws4fetch$/, /^jose$/],
  mails: [/^react$/, /^react-email$/, /^mails\//],
  'admin-pages': [
    /^react(-dom)?(\/|$)/,
    /^@(mantine|tanstack|primer)\//,
    /^uplot(\/|$)/,
    /^openapi-/,
    /^admin-pages\//,
  ],
  workers: [/^hono(\/|$)/, ZOD, DOMAIN, DB, USECASES, QUEUES, ADAPTERS, /^workers\//],
};

/** The files that know more than their folder does. */
const ALSO: Record<string, readonly RegExp[]> = {
  'domain/calendar-text.ts': [/^ical-generator$/],
  'domain/content-disposition.ts': [/^content-disposition$/],
  'domain/csv.ts': [/^csv42$/],
  'domain/session.ts': [/^node:crypto$/],
  'domain/totp.ts': [/^otpauth\/bare$/, /^@noble\/hashes\//],
  'admin-pages/build.ts': [/^node:/, /^vite$/, /^dev\//],
  'admin-pages/types.ts': [/^node:/, /^workers\//],
  'admin-pages/vite.config.ts': [/^node:/, /^vite$/],
  'admin-pages/functions/api/[[path]].ts': [/^@cloudflare\/workers-types$/],
  'adapters/passwords.ts': [/^node:crypto$/],
  'adapters/cache/client.ts': [/^@upstash\/redis\/cloudflare$/, /^cockatiel$/],
  'adapters/files/lifecycle.ts': [/^node:crypto$/],
  'adapters/files/multipart.ts': [/^node:crypto$/],
  'adapters/files/put.ts': [/^node:crypto$/],
  'adapters/billing/apple-chain.ts': [/^node:crypto$/],
  'adapters/sns.ts': [/^node:crypto$/],
  'workers/index.ts': [/^@cloudflare\/workers-types$/, /^@neondatabase\/serverless$/, /^cloudflare:/],
};

/** Use cases write SQL fragments; whole queries belong to db/. */
const DRIZZLE_IN_USECASES = new Set(['sql', 'SQL']);

/** Tools may import anything; the other roots are not made of TypeScript. */
const FREE = new Set(['dev', 'test', 'drizzle.config.ts', 'vitest.config.ts']);
const SKIPPED = new Set(['node_modules']);

type Import = { specifier: string; names: string; line: number };

/** One line for each import that goes against the layers. */
export function findForbiddenImports(root: string): string[] {
  return sourcesIn(root).flatMap((path) =>
    importsOf(readFileSync(join(root, path), 'utf8')).flatMap((found) => {
      const fault = faultOf(path, found);
      return fault ? [`${path}:${found.line}: ${fault}`] : [];
    }),
  );
}

function faultOf(path: string, { specifier, names }: Import): string | undefined {
  const [folder = ''] = path.split('/');
  if (FREE.has(folder)) return undefined;
  if (specifier === '') return 'imports what only running it can tell';
  const target = specifier.startsWith('.') ? relative('.', join(dirname(path), specifier)) : specifier;
  const fault = `${folder} may not import ${target}`;
  if (folder === 'origin') return TESTS.test(target) || target.startsWith('cloudflare:') ? fault : undefined;
  const allowed = ALLOWED[folder];
  if (!allowed) return `no layer is written for ${folder} in dev/check-layers.ts`;
  // A rule that lies beside its test: only the test knows vitest.
  if (path.endsWith('.test.ts') && /^(vitest|fast-check)$/.test(target)) return undefined;
  if (![...allowed, ...(ALSO[path] ?? [])].some((pattern) => pattern.test(target))) return fault;
  if (folder === 'usecases' && target === 'drizzle-orm') return namesFault(names);
  return undefined;
}

function namesFault(names: string): string | undefined {
  const words = names.replace(/[{},]|\btype\b/g, ' ').split(/\s+/);
  const other = words.find((word) => word !== '' && !DRIZZLE_IN_USECASES.has(word));
  return other && `usecases may not import ${other} of drizzle-orm`;
}

function importsOf(text: string): Import[] {
  return [...text.matchAll(STATIC), ...text.matchAll(DYNAMIC)].map((match) => ({
    specifier: match.groups?.specifier ?? '',
    names: match.groups?.names ?? '*',
    line: text.slice(0, match.index).split('\n').length,
  }));
}

function sourcesIn(root: string): string[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    ({ name }) => !name.startsWith('.') && !SKIPPED.has(name),
  );
  return folders
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(join(root, entry.name), { recursive: true, encoding: 'utf8' }).map((p) => join(entry.name, p))
        : [entry.name],
    )
    .filter((path) => /\.[cm]?tsx?$/.test(path) && !path.includes('node_modules'));
}

if (import.meta.main) {
  const faults = findForbiddenImports(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exit(1);
}

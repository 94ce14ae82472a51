// npm run storage:set-up · npm run storage:reconcile [-- --dry-run] [-- --force]
// For the storage and the database that the environment names; without any, for those of the running local stack.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { neonConfig } from '@neondatabase/serverless';
import { applyCors } from '../adapters/files/cors.ts';
import { applyLifecycle } from '../adapters/files/lifecycle.ts';
import { bucketFrom } from '../adapters/files/settings.ts';
import { b2Files } from '../adapters/files.ts';
import { connect } from '../db/client.ts';
import { createNeon } from '../origin/neon/fetch.ts';
import { reconcile } from '../usecases/storage/reconcile.ts';
import { localVars } from './edge.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What each round trip may take. */
const TRIP_MS = 15_000;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'dry-run': { type: 'boolean', default: false }, force: { type: 'boolean', default: false } },
});
const env = process.env.B2_ENDPOINT ? process.env : ofLocalStack();
const bucket = bucketFrom(env);
console.log(`${bucket.endpoint}/${bucket.bucket}`);

if (positionals[0] === 'set-up') await setUp();
else if (positionals[0] === 'reconcile') await review();
else throw new Error('Say `set-up` or `reconcile`.');

async function setUp(): Promise<void> {
  await applyLifecycle(bucket);
  console.log('Old versions and unfinished uploads go after a day.');
  const origins = (env.CORS_ORIGINS ?? '').split(',').filter((origin) => origin !== '');
  if (origins.length > 0) await applyCors(bucket, origins);
  console.log(`Pages that may put files there: ${origins.join(', ') || 'none'}.`);
}

async function review(): Promise<void> {
  const { DATABASE_URL } = env;
  if (!DATABASE_URL) throw new Error('DATABASE_URL is missing: the database whose rows name what is there.');
  const neon = createNeon({ maxConnections: 1, onConnectionError: (error) => console.error(String(error)) });
  neonConfig.fetchFunction = neon.fetch;
  try {
    const reach = {
      db: connect(DATABASE_URL, () => AbortSignal.timeout(TRIP_MS)),
      files: b2Files(bucket),
      now: () => new Date().toISOString(),
      log: (event: string, fields = {}) => console.log(JSON.stringify({ event, ...fields })),
    };
    await reconcile(reach, { dry_run: options['dry-run'], force: options.force });
  } finally {
    await neon.close();
  }
}

function ofLocalStack(): Record<string, string | undefined> {
  const file = join(process.env.HONEYDUE_LOCAL ?? join(ROOT, '.local'), 'stack.json');
  if (!existsSync(file)) throw new Error('Name the storage by B2_ENDPOINT and its kin, or start the local stack.');
  const { s3, database_url } = JSON.parse(readFileSync(file, 'utf8'));
  return { ...localVars(), B2_ENDPOINT: s3, DATABASE_URL: database_url };
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { neonConfig } from '@neondatabase/serverless';
import { bucketFrom } from '../adapters/files/settings.ts';
import { b2Files } from '../adapters/files.ts';
import { connect } from '../db/client.ts';
import { createNeon } from '../origin/neon/fetch.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What each round trip may take. */
const TRIP_MS = 15_000;

/** The storage and the database that the environment names; without any, those of the running local stack. */
export const environment = async (): Promise<Environment> =>
  process.env.B2_ENDPOINT ? process.env : await ofLocalStack();
type Environment = Record<string, string | undefined>;

/** Lends what a command works on, and ends its connections. */
export async function withReach(
  env: Environment,
  work: (reach: ReturnType<typeof reachOf>) => Promise<void>,
): Promise<void> {
  const neon = createNeon({ maxConnections: 1, onConnectionError: (error) => console.error(String(error)) });
  neonConfig.fetchFunction = neon.fetch;
  try {
    await work(reachOf(env));
  } finally {
    await neon.close();
  }
}

function reachOf(env: Environment) {
  const { DATABASE_URL } = env;
  if (!DATABASE_URL) throw new Error('DATABASE_URL is missing: the database whose rows name what is there.');
  return {
    db: connect(DATABASE_URL, () => AbortSignal.timeout(TRIP_MS)),
    files: b2Files(bucketFrom(env)),
    now: () => new Date().toISOString(),
    log: (event: string, fields = {}) => console.log(JSON.stringify({ event, ...fields })),
  };
}

async function ofLocalStack(): Promise<Environment> {
  const file = join(process.env.HONEYDUE_LOCAL ?? join(ROOT, '.local'), 'stack.json');
  if (!existsSync(file)) throw new Error('Name the storage by B2_ENDPOINT and its kin, or start the local stack.');
  const { s3, database_url } = JSON.parse(readFileSync(file, 'utf8'));
  // It brings workerd with it, which nobody else needs.
  const { localVars } = await import('./edge.ts');
  return { ...localVars(), B2_ENDPOINT: s3, DATABASE_URL: database_url };
}

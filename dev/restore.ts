// npm run db:restore -- --identity key.txt [--backup backup/2026-11-21T03-15-00.000Z.dump.age] [--list]
// Into the empty database that RESTORE_DATABASE_URL names, from the bucket that B2_ENDPOINT and its kin name. A rehearsal
// is the same, into a database that is thrown away (docs/runbook.md).
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { neonConfig } from '@neondatabase/serverless';
import { Client } from 'pg';
import { bucketFrom } from '../adapters/files/settings.ts';
import { b2Files } from '../adapters/files.ts';
import { sesReports } from '../adapters/ses-reports.ts';
import { connect } from '../db/client.ts';
import { keysOf } from '../origin/backup/back-up.ts';
import { pgRestore } from '../origin/backup/restore.ts';
import { unseal } from '../origin/backup/seal.ts';
import { createNeon } from '../origin/neon/fetch.ts';
import { checkReadiness } from '../usecases/check-readiness.ts';
import { newMeter } from '../usecases/meter.ts';
import { parseSettings } from '../usecases/settings.ts';
import { settle } from './settle.ts';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
/** What each round trip may take. */
const TRIP_MS = 60_000;
/** Nothing is signed here, and no link is sent. */
const UNUSED = { SIGNING_KEYS: 'a restore signs nothing with this key', PUBLIC_URL: 'http://127.0.0.1' };

const { values: options } = parseArgs({
  options: {
    identity: { type: 'string' },
    backup: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const files = b2Files(bucketFrom(process.env));
const keys = await keysOf(files);
if (options.list) console.log(keys.join('\n'));
else await restore(options.backup ?? keys.at(-1), options.identity, process.env.RESTORE_DATABASE_URL);

async function restore(key?: string, identity?: string, url?: string): Promise<void> {
  if (!key) throw new Error('There is no backup.');
  if (!identity) throw new Error('Name the file with the private key: --identity key.txt.');
  if (!url)
    throw new Error('RESTORE_DATABASE_URL is missing: the owner’s connection string of an empty database, direct.');
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await makeReady(client);
    const stored = await files.get(key);
    if (!stored?.body) throw new Error(`There is no ${key}.`);
    console.log(`Restoring ${key}, ${stored.size} bytes …`);
    await pgRestore(url, await unseal(stored.body, secretIn(identity)));
    await putInOrder(client, url);
  } finally {
    await client.end();
  }
}

/** A dump has no roles in it, nor what is set for them. */
async function makeReady(client: Client): Promise<void> {
  const { rows } = await client.query(`select from pg_tables where schemaname in ('public', 'drizzle')`);
  if (rows.length > 0) throw new Error('The database is not empty.');
  const migrations = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const text = migrations.map((name) => readFileSync(`${MIGRATIONS}/${name}`, 'utf8')).join('\n');
  const [role = ''] = /^do \$\$ begin\n.*create role honeydue_app.*\nend \$\$;$/m.exec(text) ?? [];
  for (const statement of [role, ...(text.match(/^alter role honeydue_app set .*;$/gm) ?? [])])
    await client.query(statement);
}

async function putInOrder(client: Client, url: string): Promise<void> {
  const neon = createNeon({ maxConnections: 2, onConnectionError: (error) => console.error(String(error)) });
  neonConfig.fetchFunction = neon.fetch;
  const db = connect(url, () => AbortSignal.timeout(TRIP_MS));
  const log = (event: string, fields = {}) => console.log(JSON.stringify({ event, ...fields }));
  const nobody = () => Promise.reject(new Error('A restore sends nothing.'));
  try {
    const stores = { apple: null, google: null, stripe: null };
    const outside = { mail: nobody, push: nobody, mailReports: sesReports({ topics: [] }), stores, files };
    const now = () => new Date().toISOString();
    await settle({ db, now, log, ring: nobody, ...outside, settings: parseSettings(UNUSED) }, (text) =>
      client.query(text),
    );
    const { parts } = await checkReadiness({ db, log, meter: newMeter() });
    console.log(`Schema: ${parts.schema.applied} of ${parts.schema.expected} migrations.`);
  } finally {
    await neon.close();
  }
  const { rows } = await client.query(`select (select count(*) from auth_user) as people,
    (select count(*) from residence_residence) as homes, (select count(*) from task_task) as tasks,
    (select max(at) from audit_log) as last_change,
    (select count(*) from outbox where done_at is not null and uncertain_at is not null) as uncertain_events`);
  console.table(rows);
}

/** As age-keygen writes it. */
function secretIn(file: string): string {
  const [secret] = /^AGE-SECRET-KEY-\S+$/m.exec(readFileSync(file, 'utf8')) ?? [];
  if (!secret) throw new Error(`${file} holds no private key of age.`);
  return secret;
}

// npm run contact:key -- --name "Our shop" [--per-hour 60]: a key that a website hands messages in with. Printed once.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Client } from 'pg';
import { newContactKey } from '../domain/contact.ts';
import { sha256 } from '../domain/session.ts';
import { withClient } from './database.ts';

const LOCAL = 'npm start';
const HINT_LENGTH = 4;

/** A key that works until the next start, which makes another in its place. */
export async function localContactKey(client: Client): Promise<string> {
  const key = newContactKey();
  const { rowCount } = await client.query('update contact_apikey set digest = $2, hint = $3 where name = $1', [
    LOCAL,
    sha256(key),
    key.slice(-HINT_LENGTH),
  ]);
  return rowCount === 0 ? await addKey(client, LOCAL, 1000, key) : key;
}

async function addKey(client: Client, name: string, per_hour: number, key = newContactKey()): Promise<string> {
  await client.query('insert into contact_apikey (name, digest, hint, per_hour) values ($1, $2, $3, $4)', [
    name,
    sha256(key),
    key.slice(-HINT_LENGTH),
    per_hour,
  ]);
  return key;
}

function databaseUrl(): string {
  if (process.env.MIGRATE_DATABASE_URL) return process.env.MIGRATE_DATABASE_URL;
  const folder = process.env.HONEYDUE_LOCAL ?? fileURLToPath(new URL('../.local', import.meta.url));
  return JSON.parse(readFileSync(`${folder}/stack.json`, 'utf8')).database_url;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, 'per-hour': { type: 'string', default: '60' } },
  });
  const { name } = values;
  const per_hour = Number(values['per-hour']);
  if (!name || !Number.isInteger(per_hour) || per_hour < 1) {
    console.error('npm run contact:key -- --name "Our shop" [--per-hour 60]');
    process.exit(1);
  }
  console.log(await withClient(databaseUrl(), (client) => addKey(client, name, per_hour)));
}

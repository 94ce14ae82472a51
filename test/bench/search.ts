import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { Client } from 'pg';
import { connect } from '../../db/client.ts';
import { readSearch } from '../../db/search.ts';
import { migrateDatabase } from '../../dev/migrate.ts';
import { startPostgres } from '../../dev/postgres.ts';
import { SearchType } from '../../domain/search.ts';
import { DIFFERENCES, fillOf, indexOf } from './search-fill.ts';

const PARTS = 4;
const ROUNDS = 12;
/** What people type: a word, the beginning of one, several, some with two letters wrong, a phrase, what is inside a file. */
const QUERIES = {
  word: ['dishwasher', 'warranty', 'thermostat'],
  prefix: ['wa', 'furn', 'in'],
  words: ['furnace warranty', 'garage door manual'],
  mistyped: ['dishwahser', 'thermastot', 'furnase warrenty'],
  phrase: ['"water heater"', '"bought with"'],
  inside: ['barandaing', 'cetenerment'],
  nothing: ['qqqqqq'],
};

type Took = Record<string, number[]>;

/** Milliseconds that the database takes to search a million documents of ten thousand homes, by what is searched for. */
export async function timeSearch(homes = 10_000, documents = 1_000_000): Promise<Took> {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-search-'));
  const postgres = await startPostgres({ folder, port: await getPort(), throwaway: true });
  const query = async (sql: string, database = 'honeydue') => {
    const client = new Client({ connectionString: postgres.url(database) });
    await client.connect();
    return (await client.query(sql).finally(() => client.end())).rows;
  };
  try {
    await query('create database honeydue', 'postgres');
    await migrateDatabase(postgres.url('honeydue'));
    await query(fillOf(homes, documents));
    await Promise.all(Array.from({ length: PARTS }, (_, part) => query(indexOf(documents, part, PARTS))));
    await query('vacuum analyze search_entry');
    await query('vacuum analyze search_vocabulary');
    const [sample] = await query(DIFFERENCES);
    if (sample.entries === 0 || sample.different > 0)
      throw new Error(`Not as triggers do it: ${JSON.stringify(sample)}`);
    return await timeQueries(postgres.url('honeydue'), homes);
  } finally {
    await postgres.stop('immediate');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** User n sees 1 + n % 10 homes; nobody asks twice. */
async function timeQueries(url: string, homes: number): Promise<Took> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const db = connect(url);
  const took: Took = Object.fromEntries(Object.keys(QUERIES).map((kind) => [kind, []]));
  const found: Record<string, number> = {};
  let user = 0;
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const [kind, texts] of Object.entries(QUERIES)) {
      for (const q of texts) {
        for (let more = 0; more < 10; more += 3) {
          user += 10;
          const who = { digest: `digest${1 + ((user * 7 + more) % homes)}`, zone: null, now: new Date().toISOString() };
          const asked = { q, types: SearchType.options, limit: 50, after: null };
          const { sql, params } = readSearch(db, who, asked, []).getQuery();
          const started = performance.now();
          const { rows } = await client.query(sql, params);
          const ended = performance.now();
          found[kind] = (found[kind] ?? 0) + JSON.parse(rows[0].body).total;
          if (round >= 0) took[kind]?.push(ended - started);
        }
      }
    }
  }
  await client.end();
  const odd = Object.keys(QUERIES).filter((kind) => (kind === 'nothing') !== (found[kind] === 0));
  if (odd.length > 0) throw new Error(`Found other than it should: ${odd}`);
  return took;
}

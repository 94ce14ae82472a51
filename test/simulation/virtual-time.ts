import { neonConfig } from '@neondatabase/serverless';
import { Client } from 'pg';
import { connect } from '../../db/client.ts';
import { createNeon } from '../../origin/neon/fetch.ts';
import { appUrl, createHoneydueDatabase, ownerUrl } from '../database.ts';

const neon = createNeon({ maxConnections: 4, maxPools: 20 });
neonConfig.fetchFunction = neon.fetch;

/**
 * `now()` of the statements as they are: a function of that name stands before PostgreSQL's own. Defaults were bound to
 * PostgreSQL's when their tables were made, so they are made anew. `random()` decides in which order lapsed events are
 * taken, and is to be the same in each run.
 */
const VIRTUAL_TIME = `
  create schema virtual;
  create table virtual.clock (at timestamptz not null);
  insert into virtual.clock values (now());
  create sequence virtual.throws;
  create function virtual.now() returns timestamptz language sql stable return (select at from virtual.clock);
  create function virtual.random() returns float8 language sql volatile
    return (nextval('virtual.throws') * 61803 % 100003) / 100003::float8;
  grant usage on schema virtual to honeydue_app;
  grant select on virtual.clock to honeydue_app;
  grant usage on sequence virtual.throws to honeydue_app;
  do $$
  declare d record;
  begin
    for d in select adrelid::regclass as at_table, attname from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
      where pg_get_expr(adbin, adrelid) = 'now()'
    loop execute format('alter table %s alter column %I set default virtual.now()', d.at_table, d.attname); end loop;
    execute format('alter database %I set search_path = virtual, pg_catalog, public', current_database());
  end $$`;

export type VirtualDatabase = Awaited<ReturnType<typeof makeVirtualDatabase>>;

/** A database of its own whose time is what it is told. */
export async function makeVirtualDatabase() {
  const { name, drop } = await createHoneydueDatabase();
  const owner = new Client({ connectionString: ownerUrl(name) });
  await owner.connect();
  await owner.query(VIRTUAL_TIME);
  return {
    db: connect(appUrl(name)),
    // biome-ignore lint/suspicious/noExplicitAny: rows are whatever the query says
    rows: async (query: string, values: unknown[] = []): Promise<any[]> => (await owner.query(query, values)).rows,
    setTime: async (moment: string) => void (await owner.query('update virtual.clock set at = $1', [moment])),
    async close() {
      await owner.end();
      await drop();
    },
  };
}

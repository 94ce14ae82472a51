import { neon } from '@neondatabase/serverless';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, ownerUrl } from '../database.ts';
import { type Reached, reach, rejection, WAYS } from './ways.ts';

let database: Awaited<ReturnType<typeof createDatabase>>;
let url: string;
let plain: Client;

beforeAll(async () => {
  database = await createDatabase();
  url = ownerUrl(database.name);
  plain = new Client({ connectionString: url });
  await plain.connect();
  await plain.query('create table task (id int generated always as identity primary key, title text not null)');
  await plain.query(`create type mood as enum ('fine', 'off')`);
});

afterAll(async () => {
  await plain.end();
  await database.drop();
});

describe.each(WAYS)('the official driver %s', (way) => {
  let reached: Reached;
  beforeAll(async () => {
    reached = await reach(way);
  });
  afterAll(() => reached.close());

  test('asks by template, by call and with unsafe parts', async () => {
    const sql = neon(url);
    const part = sql`where n > ${1}`;
    const rows =
      await sql`select n, ${'a'}::text as a from generate_series(1, 3) n ${part} order by ${sql.unsafe('n desc')}`;
    expect(rows).toEqual([
      { n: 3, a: 'a' },
      { n: 2, a: 'a' },
    ]);
    expect(await sql.query('select $1::int + 1 as n', [41])).toEqual([{ n: 42 }]);
    expect(await sql.query('select 1 as a, 2 as a')).toEqual([{ a: 2 }]);
  });

  test('gets arrays, full results and its own types', async () => {
    const sql = neon(url, { arrayMode: true, fullResults: true });
    expect(await sql`select 1 as a, 2 as a`).toMatchObject({ rows: [[1, 2]], rowCount: 1, command: 'SELECT' });
    expect(await sql.query('select 1 as a', [], { arrayMode: false, fullResults: false })).toEqual([{ a: 1 }]);
    const types = { getTypeParser: (id: number) => (text: string) => `${id}:${text}` } as never;
    expect(await neon(url).query('select 1::int8 as n, null as x', [], { types })).toEqual([{ n: '20:1', x: null }]);
  });

  test.each([
    `select 1 as n, 'x'::varchar(7) as v, 1.5::numeric(10, 2) as d, 'fine'::mood as m, array[1] as l`,
    'select * from task limit 0',
    `insert into task (title) values ('a'), ('b')`,
    `insert into task (title) values ('a') returning id, title`,
    `update task set title = 'c' where id < 0`,
    'delete from task',
    'with gone as (delete from task returning 1) select count(*) from gone',
    'create table if not exists t (a int)',
    'alter table t add column if not exists b int',
    'drop table if exists t',
    'create temporary table t as select 1 as a from generate_series(1, 3)',
    'begin',
    'values (1), (2)',
    'select from generate_series(1, 2)',
    'show timezone',
    'explain select 1',
    `do $$ begin perform 1; end $$`,
    "merge into task using (values (1)) v (n) on false when not matched then insert (title) values ('m')",
    'vacuum task',
  ])('answers what pg answers: %s', async (text) => {
    const own = await neon(url, { fullResults: true, arrayMode: true }).query(text);
    // The extended protocol, as the hosted service uses it.
    const theirs = await plain.query({ text, rowMode: 'array', queryMode: 'extended' } as never);
    const fields = (list: { format: string }[]) => list.map((field) => ({ ...field, format: 'text' }));
    const { rows, fields: theirFields, command } = theirs as unknown as typeof own;
    if (text === 'begin') await plain.query('rollback');
    if (text.startsWith('create temp')) await plain.query('discard all');
    expect(own).toMatchObject({ command, rowAsArray: true, viaNeonFetch: true });
    if (!text.includes('returning id')) expect(own.rows).toEqual(rows);
    expect(fields(own.fields)).toEqual(fields(theirFields));
  });

  test('hears null where a command counts nothing', async () => {
    const sql = neon(url, { fullResults: true });
    const counts = [
      'create table c (a int)',
      'insert into c values (1), (2)',
      'drop table c',
      '',
      '-- nothing',
      'select',
    ];
    const answers = [];
    for (const text of counts) answers.push(await sql.query(text));
    expect(answers.map(({ command, rowCount }) => [command, rowCount])).toEqual([
      ['CREATE', null],
      ['INSERT', 2],
      ['DROP', null],
      ['', null],
      ['', null],
      ['SELECT', 1],
    ]);
  });

  test('runs a batch as one transaction with its modes', async () => {
    const sql = neon(url);
    const modes = ['transaction_isolation', 'transaction_read_only', 'transaction_deferrable'];
    const shown = async (options: object) =>
      (await sql.transaction((t) => modes.map((mode) => t.query(`show ${mode}`)), options)).map((rows) =>
        Object.values(rows[0] ?? {}).join(),
      );
    expect(await shown({})).toEqual(['read committed', 'off', 'off']);
    expect(await shown({ isolationLevel: 'RepeatableRead', readOnly: false })).toEqual([
      'repeatable read',
      'off',
      'off',
    ]);
    const strict = { isolationLevel: 'Serializable', readOnly: true, deferrable: true };
    expect(await shown(strict)).toEqual(['serializable', 'on', 'on']);
    expect(await shown({ isolationLevel: 'ReadUncommitted' })).toEqual(['read uncommitted', 'off', 'off']);
    expect(await rejection(shown({ isolationLevel: 'Chaos' }))).toMatchObject({ message: 'invalid isolation level' });

    const [a, b] = await sql.transaction([sql`select txid_current() as x`, sql`select txid_current() as x`]);
    expect(a).toEqual(b);
    expect(await sql.transaction([])).toEqual([]);
  });

  test('mixes the options of queries and batch', async () => {
    const sql = neon(url);
    // The driver does as told here, though its types do not say so.
    const asArrays = sql.query('select 1 as a', [], { arrayMode: true }) as never;
    const results = await sql.transaction([asArrays, sql`select 2 as a`], { fullResults: true });
    expect(results).toMatchObject([{ rows: [[1]] }, { rows: [{ a: 2 }], rowCount: 1 }]);
  });

  test('rolls a batch back and names the first error', async () => {
    const sql = neon(url);
    const batch = sql.transaction([
      sql`insert into task (title) values ('lost')`,
      sql`select 1 / ${0}::int`,
      sql`select * from nowhere`,
      sql`insert into task (title) values ('never')`,
    ]);
    expect(await rejection(batch)).toMatchObject({ name: 'NeonDbError', code: '22012', message: 'division by zero' });
    expect(await sql`select * from task where title in ('lost', 'never')`).toEqual([]);
  });

  test('learns of a constraint that fails only at the commit', async () => {
    const sql = neon(url);
    await sql`create table late (id int primary key, ref int references late deferrable initially deferred)`;
    const batch = sql.transaction([sql`insert into late values (1, 2)`, sql`select 1`]);
    expect(await rejection(batch)).toMatchObject({ code: '23503', constraint: 'late_ref_fkey' });
    expect(await sql`select count(*)::int as n from late`).toEqual([{ n: 0 }]);
    await sql`drop table late`;
  });

  test('takes connection parameters one by one, and is refused with a token', async () => {
    const { username, password, hostname, port } = new URL(url);
    const sql = neon({ user: username, password: async () => password, host: hostname, port, database: database.name });
    expect(await sql`select current_database() as d`).toEqual([{ d: database.name }]);
    // Falling back on the password would run with more rights than the token stands for.
    expect(await rejection(neon(url, { authToken: 'x.y.z' })`select 1`)).toMatchObject({
      message: 'missing authentication credentials: required password',
    });
  });

  test('is answered with a whole Response, for whoever wraps fetch', async () => {
    const ask = () => reached.post('{"query":"select 1 as n"}', { 'neon-connection-string': url });
    const response = await ask();
    expect([response instanceof Response, response.ok, response.status, response.bodyUsed]).toEqual([
      true,
      true,
      200,
      false,
    ]);
    const copy = response.clone();
    expect(response.headers.get('content-type')).toBe('application/json');
    const text = Buffer.from(await response.arrayBuffer()).toString();
    expect([await copy.json(), JSON.parse(text).rows]).toEqual([JSON.parse(text), [{ n: 1 }]]);
  });

  test('shares its connections with whoever spells the destination otherwise', async () => {
    const pid = async (spelling: string) => (await neon(spelling)`select pg_backend_pid() as pid`)[0];
    expect(await pid(url.replace('postgresql:', 'postgres:'))).toEqual(await pid(`${url}?application_name=pkg:npm/x`));
    expect(await neon(`${url}?application_name=mine`)`select current_setting('application_name') as name`).toEqual([
      { name: 'mine' },
    ]);
  });
});

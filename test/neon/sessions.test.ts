import { neon } from '@neondatabase/serverless';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { NeonOptions } from '../../origin/neon/fetch.ts';
import { createDatabase, ownerUrl } from '../database.ts';
import { type Reached, reach, rejection, started, until, WAYS } from './ways.ts';

let database: Awaited<ReturnType<typeof createDatabase>>;
let url: string;
let plain: Client;
beforeAll(async () => {
  database = await createDatabase();
  url = ownerUrl(database.name);
  plain = new Client({ connectionString: url });
  await plain.connect();
  await plain.query('create table log (n int)');
});
afterAll(async () => {
  await plain.end();
  await database.drop();
});

const count = async (condition: string): Promise<number> =>
  (
    await plain.query(
      `select count(*)::int as n from pg_stat_activity where datname = $1 and pid <> pg_backend_pid() and
    ${condition}`,
      [database.name],
    )
  ).rows[0].n;

describe.each(WAYS)('sessions %s', (way) => {
  let reached: Reached | undefined;
  const sql = (options?: object) => neon(url, options);
  const use = async (options: NeonOptions = {}) => {
    reached = await reach(way, options);
  };
  afterEach(async () => {
    await reached?.close();
    reached = undefined;
    await until(async () => (await count('true')) === 0);
    await plain.query('truncate log');
  });

  test.each([
    [`set statement_timeout = '7s'`, 'show statement_timeout', '0'],
    [`select set_config('statement_timeout', '7s', false)`, 'show statement_timeout', '0'],
    [`update pg_settings set setting = 7000 where name = 'statement_timeout'`, 'show statement_timeout', '0'],
    [`set search_path = pg_catalog`, 'show search_path', '"$user", public'],
    ['set role pg_monitor', 'select current_user', 'honeydue_owner'],
    ['create temp table t as select 1', `select to_regclass('t') is null`, true],
    ['select 1 as a into temporary t', `select to_regclass('t') is null`, true],
    ['prepare p as select 1', 'select count(*)::int from pg_prepared_statements', 0],
    ['declare c cursor with hold for select 1', 'select count(*)::int from pg_cursors where is_holdable', 0],
    ['listen news', 'select count(*)::int from pg_listening_channels()', 0],
    ['/* first */ set lock_timeout = 5', 'show lock_timeout', '0'],
    [`do $$ begin perform set_config('lock_timeout', '5', false); end $$`, 'show lock_timeout', '0'],
  ])('leave nothing behind: %s', async (leave, look, clean) => {
    await use({ maxConnections: 1 });
    const [before] = await sql({ arrayMode: true }).query('select pg_backend_pid()');
    await sql().query(leave);
    const [looked, after] = await sql({ arrayMode: true }).transaction((t) => [
      t.query(look),
      t.query('select pg_backend_pid()'),
    ]);
    expect(looked).toEqual([[clean]]);
    expect(after).toEqual([before]);
    await sql().transaction((t) => [t.query(leave)]);
    expect(await sql({ arrayMode: true }).query(look)).toEqual([[clean]]);
  });

  test('leave no transaction open', async () => {
    await use({ maxConnections: 1 });
    for (const open of ['begin', 'begin isolation level serializable', 'start transaction']) {
      await sql().query(open);
      expect(await rejection(sql()`savepoint here`)).toMatchObject({ code: '25P01' });
    }
    await sql().transaction((t) => [t`commit`, t`begin`, t`insert into log values (1)`, t`commit`, t`begin`]);
    expect(await sql()`select * from log`).toEqual([{ n: 1 }]);
    expect(await rejection(sql()`savepoint here`)).toMatchObject({ code: '25P01' });
  });

  test('leave no lock behind', async () => {
    await use({ maxConnections: 1 });
    await sql()`select pg_advisory_lock(7)`;
    await rejection(sql()`select pg_advisory_lock(8), 1 / ${0}::int`);
    await sql()`select 1`;
    expect((await plain.query(`select count(*)::int as n from pg_locks where locktype = 'advisory'`)).rows).toEqual([
      { n: 0 },
    ]);
  });

  test('outlive errors, in and out of batches', async () => {
    await use({ maxConnections: 1 });
    const pid = async () => (await sql()`select pg_backend_pid() as pid, txid_current_if_assigned() as tx`)[0];
    const before = await pid();
    await rejection(sql()`select nope`);
    expect(await pid()).toEqual(before);
    await rejection(
      sql().transaction((t) => [t`insert into log values (1)`, t`select nope`, t`insert into log values (2)`]),
    );
    expect(await pid()).toEqual(before);
    await rejection(sql().transaction((t) => [t`commit`, t`begin`, t`select nope`]));
    expect(await pid()).toEqual(before);
    await sql().transaction((t) => [t`insert into log values (3)`, t`rollback`, t`select 1`]);
    expect(await sql()`select * from log`).toEqual([]);
  });

  test('are reused, bounded, and each waits its turn', async () => {
    await use({ maxConnections: 3 });
    const pids = await Promise.all(
      Array.from({ length: 30 }, () => sql()`select pg_backend_pid() as pid, pg_sleep(0.005)`),
    );
    expect(new Set(pids.map(([row]) => row?.pid)).size).toBe(3);
    expect(await count('true')).toBe(3);
  });

  test('that are all busy are not waited for forever', async () => {
    await use({ maxConnections: 1, acquireTimeoutMs: 50 });
    const abort = new AbortController();
    const slow = rejection(sql({ fetchOptions: { signal: abort.signal } })`select pg_sleep(9)`);
    await until(() => count(`query like '%pg_sleep(9)%'`));
    expect((await rejection(sql()`select 1`)).message).toMatch(/HTTP status 500.*too many.*"code":"53300"/i);
    abort.abort();
    await slow;
  });

  test('of many connection strings are few', async () => {
    await use({ maxPools: 2 });
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(await neon(`${url}?application_name=${name}`)`select current_setting('application_name') as a`).toEqual([
        { a: name },
      ]);
    }
    await until(async () => (await count('true')) === 2);
    expect(await count(`application_name in ('c', 'd')`)).toBe(2);
    const abort = new AbortController();
    const slow = ['c', 'd'].map((name) =>
      rejection(
        neon(`${url}?application_name=${name}`, { fetchOptions: { signal: abort.signal } })`select pg_sleep(9)`,
      ),
    );
    await until(async () => (await count(`query like '%pg_sleep(9)%'`)) === 2);
    expect((await rejection(neon(`${url}?application_name=e`)`select 1`)).message).toMatch(/53300/);
    abort.abort();
    await Promise.all(slow);
  });

  test('idle long enough are closed', async () => {
    await use({ idleTimeoutMs: 20 });
    await sql()`select 1`;
    await until(async () => (await count('true')) === 0);
    expect(await sql()`select 1 as n`).toEqual([{ n: 1 }]);
  });

  test('stop their statement when the client goes away', async () => {
    await use({ maxConnections: 2 });
    const abort = new AbortController();
    const options = { fetchOptions: { signal: abort.signal } };
    const single = rejection(sql(options)`insert into log select 1 from pg_sleep(9)`);
    const batch = rejection(sql(options).transaction((t) => [t`insert into log values (1)`, t`select pg_sleep(9)`]));
    await until(async () => (await count(`state = 'active'`)) === 2);
    abort.abort(new Error('enough'));
    for (const error of [await single, await batch]) {
      expect(error).toMatchObject({
        message: 'Error connecting to database: Error: enough',
        sourceError: { message: 'enough' },
      });
    }
    await until(async () => (await count(`state = 'active'`)) === 0);
    expect(await sql()`select * from log`).toEqual([]);
    const late =
      rejection(sql({ fetchOptions: { signal: AbortSignal.abort(new Error('before')) } })`insert into log values (9)`);
    expect(await late).toMatchObject({ sourceError: { message: 'before' } });
    expect(await sql()`select * from log`).toEqual([]);
  });

  test('never run what was given up while it waited', async () => {
    await use({ maxConnections: 1 });
    const first = started(sql()`select pg_sleep(0.2)`);
    await until(() => count(`state = 'active'`));
    const abort = new AbortController();
    const waiting = rejection(sql({ fetchOptions: { signal: abort.signal } })`insert into log values (1)`);
    for (let i = 0; i < 3; i++) await count('true'); // time for it to join the queue
    abort.abort();
    await Promise.all([first, waiting]);
    expect(await sql()`select * from log`).toEqual([]);
  });

  test('stop at the deadline, even a statement that holds out', async () => {
    await use({ requestTimeoutMs: 100 });
    const timedOut = { code: '57014', message: 'canceling statement due to request timeout (100 ms)' };
    expect(await rejection(sql()`select pg_sleep(9)`)).toMatchObject(timedOut);
    expect(
      await rejection(sql().transaction((t) => [t`insert into log values (1)`, t`select pg_sleep(9)`])),
    ).toMatchObject(timedOut);
    expect(await sql()`select * from log`).toEqual([]);
    if (way === 'over HTTP') return; // what follows is slow, and the same
    const deaf = `do $$ begin for i in 1..9 loop begin perform pg_sleep(9); exception when query_canceled then null; end; end loop; end $$`;
    expect(await rejection(sql().query(deaf))).toMatchObject({ code: '57014' });
    await plain.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'do $$%' and pid <> pg_backend_pid()`,
    );
  });

  test('do not send more than fits', async () => {
    await use({ maxResponseBytes: 100_000 });
    const tooLarge = /^Server error \(HTTP status 507\): .*response is too large \(max is 100000 bytes\)/;
    expect(await sql()`select repeat('x', 99000) as x`).toHaveLength(1);
    for (const text of [
      'select a.n from generate_series(1, 5000) a (n), generate_series(1, 5000) b',
      'select from generate_series(1, 5000) a, generate_series(1, 5000) b',
      `select repeat('ä', 60000)`,
      `select repeat(E'\\n', 60000)`,
    ]) {
      expect((await rejection(sql().query(text))).message, text).toMatch(tooLarge);
    }
    // Cut off in the middle of the row, not after it was gathered.
    expect((await rejection(sql().query(`select repeat('x', 50000000)`))).message).toMatch(/outcome: unknown/);
    const batch = sql().transaction((t) => [
      t`insert into log values (1)`,
      t`select n, pg_sleep(case when n > 50000 then 9 else 0 end) from generate_series(1, 60000) n`,
    ]);
    expect((await rejection(batch)).message).toMatch(/outcome: rolled back/);
    expect(await sql()`select * from log`).toEqual([]);
    const late = sql().transaction((t) => [t`insert into log values (1)`, t`select repeat('x', 100001)`]);
    const [, outcome] = (await rejection(late)).message.match(/outcome: (\w+)/) ?? [];
    const isExecuted = (await sql()`select * from log`).length === 1;
    // Whether the cancel overtakes the commit is a race; what is said of it is not.
    expect(isExecuted ? ['executed', 'unknown'] : ['rolled', 'unknown']).toContain(outcome);
    await until(async () => (await count(`state = 'active'`)) === 0);
  });

  test('end with the one who opened them, after what is under way', async () => {
    await use();
    const last = started(sql()`select pg_sleep(0.2), 'done' as done`);
    await until(() => count(`state = 'active'`));
    await reached?.close();
    expect(await last).toMatchObject([{ done: 'done' }]);
    const refused = await rejection(sql()`select 1`);
    expect(refused.message).toMatch(/503|ECONNREFUSED|fetch failed/);
    reached = undefined;
  });
});

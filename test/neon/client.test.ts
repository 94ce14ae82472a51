import { errorFields, neon } from '@neondatabase/serverless';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectBy } from '../../db/client.ts';
import { createNeon } from '../../origin/neon/fetch.ts';
import { createDatabase, ownerUrl } from '../database.ts';
import { type Reached, reach, rejection, until } from './ways.ts';

type Result = { rows: unknown[]; rowCount: number; command: string; rowAsArray: boolean; fields: Field[] };
type Field = { name: string; dataTypeID: number };
type Query = PromiseLike<Result>;
/** As far as Drizzle goes. */
type Client = {
  query(text: string, params: unknown[], options: { arrayMode?: boolean; fullResults: true }): Query;
  transaction(queries: Query[], options: { fullResults: true }): Promise<Result[]>;
};
const FULL = { fullResults: true } as const;

let database: Awaited<ReturnType<typeof createDatabase>>;
let reached: Reached;
let url: string;
const own = createNeon({ maxConnections: 2 });
beforeAll(async () => {
  database = await createDatabase();
  url = ownerUrl(database.name);
  reached = await reach('in process');
  // Drizzle sets the driver's readers of dates, for all.
  connectBy(own.client(url));
});
afterAll(async () => {
  await Promise.all([reached.close(), own.close()]);
  await database.drop();
});

const QUERIES: [string, unknown[]][] = [
  [
    'select 1 as one, null as nothing, true as yes, 1.5::float8 as half, 0.10::numeric as price, 9007199254740993 as big',
    [],
  ],
  [`select '2026-02-28'::date as on, '2026-03-01 08:00:00+00'::timestamptz as at, interval '1 month' as every`, []],
  [
    `select '{"a": [1, null, "ü🧰"]}'::jsonb as b, '[]'::json as j, '{a,NULL,"x,y"}'::text[] as t, '{1,2}'::int[] as i`,
    [],
  ],
  [`select decode('00ff', 'hex') as bytes, '{2026-02-28 10:00}'::timestamp[] as moments`, []],
  ['select 1 as twice, 2 as twice', []],
  ['select $1::int as n, $2::bool as b, $3::text as t, $4::text as none', [7, false, 'it"s\n', undefined]],
  [
    'select $1::text[] as list, $2::jsonb as data, $3::bytea as bytes',
    [['a', null, '"'], { a: 1 }, Buffer.from([0, 255])],
  ],
  ['select $1::timestamptz as at', [new Date('2026-02-28T10:00:00Z')]],
  ['select generate_series(1, 3) as n', []],
  ['create temporary table gone (n int) on commit drop', []],
  ['', []],
];
const FAULTS: [string, unknown[]][] = [
  ['select 1 / 0', []],
  ['select nowhere from nothing', []],
  ['select $1::int', ['not a number']],
  [
    `do $$ begin raise exception 'upgrade_required' using errcode = 'HD426', detail = '{"a": 1}', hint = 'Update.'; end $$`,
    [],
  ],
  ['select $1::text', ['\ud800']],
  ['select $1::text', ['a\0b']],
  ['select 1; select 2', []],
];

const driver = () => neon(url) as unknown as Client;
const ours = (signal?: () => AbortSignal) => own.client(url, signal) as unknown as Client;
const seen = ({ fields, rows, rowCount, command, rowAsArray }: Result) => ({
  ...{ rows, rowCount, command, rowAsArray },
  fields: fields.map(({ name, dataTypeID }) => [name, dataTypeID]),
});

test.each([false, true])('answers as the driver does, alone and together (rows as arrays: %s)', async (arrayMode) => {
  const queries = (client: Client) =>
    QUERIES.map(([text, params]) => client.query(text, params, { ...FULL, arrayMode }));
  const alone = async (client: Client) => {
    const results: Result[] = [];
    for (const query of queries(client)) results.push(await query);
    return results.map(seen);
  };
  const together = async (client: Client) => (await client.transaction(queries(client), FULL)).map(seen);
  expect(await alone(ours())).toEqual(await alone(driver()));
  expect(await together(ours())).toEqual(await together(driver()));
});

test.each(FAULTS)('fails as the driver does: %s', async (text, params) => {
  const told = async (client: Client) => {
    const error = await rejection(client.query(text, params, FULL));
    return [error.name, error.message, ...errorFields.map((field) => error[field] ?? null)];
  };
  const [mine, its] = [await told(ours()), await told(driver())];
  expect(mine).toEqual(its);
});

test('a transaction is whole or nothing, and what follows on its connection does not notice', async () => {
  const client = ours();
  await client.query('create table kept (n int)', [], FULL);
  const add = (n: string) => client.query('insert into kept values ($1)', [n], FULL);
  const error = await rejection(client.transaction([add('1'), add('x'), add('3')], FULL));
  expect(error).toMatchObject({ name: 'NeonDbError', code: '22P02' });
  expect(await client.query('select * from kept', [], FULL)).toMatchObject({ rows: [], rowCount: 0 });
});

test('a deadline ends what waits, at once, and what runs, soon after', async () => {
  const late = new AbortController();
  const slow = rejection(ours(() => late.signal).query('select pg_sleep(60)', [], FULL));
  const running = `select from pg_stat_activity where query like '%pg_sleep(%' and state = 'active' and pid <> pg_backend_pid()`;
  const isRunning = async () => (await ours().query(running, [], FULL)).rowCount > 0;
  await until(isRunning);
  late.abort(new DOMException('Too late.', 'TimeoutError'));
  expect(await slow).toMatchObject({ name: 'TimeoutError' });
  await until(async () => !(await isRunning()));
  expect(await rejection(ours(() => late.signal).query('select 1', [], FULL))).toMatchObject({ name: 'TimeoutError' });
});

test('nobody to connect to is said with a code', async () => {
  const nowhere = own.client('postgresql://a:b@127.0.0.1:1/c') as unknown as Client;
  expect(await rejection(nowhere.query('select 1', [], FULL))).toMatchObject({
    name: 'NeonDbError',
    code: '08001',
  });
});

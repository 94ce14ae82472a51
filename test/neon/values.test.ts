import { neon } from '@neondatabase/serverless';
import fc from 'fast-check';
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
});
afterAll(async () => {
  await plain.end();
  await database.drop();
});

const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));
const moment = fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('\\u0000'));

/** A value of each type, by the type's name. */
const VALUES: Record<string, fc.Arbitrary<unknown>> = {
  int2: fc.integer({ min: -32768, max: 32767 }),
  int4: fc.integer(),
  int8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  numeric: fc.tuple(fc.bigInt(), fc.nat(99)).map(([whole, part]) => `${whole}.${part}`),
  float4: fc.float(),
  float8: fc.double(),
  bool: fc.boolean(),
  text,
  varchar: text,
  bytea: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  json: json.map((value) => JSON.stringify(value)),
  jsonb: json.map((value) => JSON.stringify(value)),
  timestamptz: moment,
  timestamp: moment,
  date: moment,
  uuid: fc.uuid(),
  'int4[]': fc.array(fc.option(fc.integer())),
  'int8[]': fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  'text[]': fc.array(fc.option(text)),
  'text[][]': fc.array(fc.tuple(text, text)),
  'float8[]': fc.array(fc.double()),
  'bytea[]': fc.array(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
  interval: fc.tuple(fc.nat(99), fc.nat(99_999)).map(([months, seconds]) => `${months} months ${seconds} seconds`),
  inet: fc.ipV4(),
};
const TYPES = Object.keys(VALUES);
const SELECT = `select ${TYPES.map((type, i) => `$${i + 1}::${type} as c${i}`).join(', ')}`;

describe.each(WAYS)('values %s', (way) => {
  let reached: Reached;
  beforeAll(async () => {
    reached = await reach(way);
  });
  afterAll(() => reached.close());

  test('of any type come back as from pg itself', async () => {
    const sql = neon(url);
    const row = fc.tuple(...TYPES.map((type) => fc.option(VALUES[type] ?? fc.constant(null), { freq: 10 })));
    await fc.assert(
      fc.asyncProperty(row, async (values) => {
        const [own, [batched]] = await Promise.all([
          sql.query(SELECT, values),
          sql.transaction([sql.query(SELECT, values)]),
        ]);
        const { rows } = await plain.query(SELECT, values);
        expect(own).toEqual(rows);
        expect(batched).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  test('leave their types to PostgreSQL', async () => {
    const sql = neon(url);
    const types = await sql.query(`select pg_typeof('a' || $1)::text as a, pg_typeof($2 + 1)::text as b`, ['1', '2']);
    expect(types).toEqual([{ a: 'text', b: 'integer' }]);
    expect(await rejection(sql`select ${'x'}::int`)).toMatchObject({ code: '22P02' });
    expect(await sql`select ${Buffer.from([0, 255])} as b, ${null} as n, ${undefined} as u`).toEqual([
      { b: Buffer.from([0, 255]), n: null, u: null },
    ]);
  });

  test('with a NUL are refused by PostgreSQL, a statement with one by us', async () => {
    const sql = neon(url);
    expect(await rejection(sql`select ${'a\0b'}::text`)).toMatchObject({ code: '22021' });
    const smuggled = rejection(sql.query('select 1 -- \0 select 2'));
    expect((await smuggled).message).toBe('error encoding message to server: string contains embedded null');
    expect((await rejection(sql`select ${'\ud800'}`)).message).toMatch(/^could not parse the HTTP request body/);
  });

  test('are limited in number as they are by the hosted service', async () => {
    const sql = neon(url);
    const count = (n: number) => {
      const list = Array.from({ length: n }, (_, i) => `$${i + 1}`).join(',');
      return sql.query(
        `select cardinality(array[${list}]) as n`,
        Array.from({ length: n }, () => 'x'),
      );
    };
    expect(await count(32_767)).toEqual([{ n: 32_767 }]);
    expect((await rejection(count(32_768))).message).toBe(
      'error encoding message to server: value too large to transmit',
    );
  });

  test('of clients other than the driver are converted as the hosted service converts them', async () => {
    const ask = async (query: string, params: unknown[] = [], headers: object = {}) => {
      const all = { 'neon-connection-string': url, ...headers };
      const response = await reached.post(JSON.stringify({ query, params }), all);
      return ((await response.json()) as { rows: unknown }).rows;
    };
    // The first eight are the hosted service's own tests.
    expect(await ask('select 42 as answer')).toEqual([{ answer: 42 }]);
    expect(await ask('select $1 as answer', [42])).toEqual([{ answer: '42' }]);
    expect(await ask('select $1 * 1 as answer', [42])).toEqual([{ answer: 42 }]);
    expect(await ask('select $1::int[] as answer', [[1, 2, 3]])).toEqual([{ answer: [1, 2, 3] }]);
    expect(await ask(`select $1::json->'a' as answer`, [{ a: { b: 42 } }])).toEqual([{ answer: { b: 42 } }]);
    expect(await ask('select $1::jsonb[] as answer', [[{}]])).toEqual([{ answer: [{}] }]);
    expect(await ask('select $1::jsonb[] as answer', [[{ foo: 1 }, { bar: 2 }]])).toEqual([
      { answer: [{ foo: 1 }, { bar: 2 }] },
    ]);
    const abc = `select 1 as n, 'a' as s, '{1,2,3}'::int4[] as arr`;
    expect(await ask(abc, [], { 'neon-array-mode': 'true' })).toEqual([[1, 'a', [1, 2, 3]]]);
    expect(await ask(abc, [], { 'neon-raw-text-output': 'true' })).toEqual([{ n: '1', s: 'a', arr: '{1,2,3}' }]);

    expect(
      await ask('select $1::text[] as a', [
        [
          ['a"\\', null],
          ['{', 'NULL'],
        ],
      ]),
    ).toEqual([
      {
        a: [
          ['a"\\', null],
          ['{', 'NULL'],
        ],
      },
    ]);
    const odd = `select true as b, null::int as n, 9007199254740993 as i8, 'NaN'::float8 as nan, '-Infinity'::float4 as inf,
      1.5::float8 as f, 1.50 as d, '[2:3]={t,f}'::bool[] as bs, '{}'::int[] as none, '{NaN,1.5,NULL}'::float8[] as fs,
      array[box '((1,1),(0,0))', box '((2,2),(1,1))'] as boxes, '2026-01-01'::date as day, array['2026-01-01'::date] as days`;
    expect(await ask(odd)).toEqual([
      {
        ...{ b: true, n: null, i8: '9007199254740993', nan: 'NaN', inf: '-Infinity', f: 1.5, d: '1.50' },
        ...{ bs: [true, false], none: [], fs: ['NaN', 1.5, null], boxes: ['(1,1),(0,0)', '(2,2),(1,1)'] },
        ...{ day: '2026-01-01', days: ['2026-01-01'] },
      },
    ]);
    expect(await ask('select $1::jsonb as j', [true])).toEqual([{ j: true }]);
  });

  test('convert every array type of the catalog', async () => {
    const { rows } = await plain.query(
      `select format_type(t.oid, null) as type from pg_type t join pg_type e on e.oid = t.typelem
        where t.typcategory = 'A' and t.oid < 10000 and e.typtype <> 'c' and t.typname not like '%vector'`,
    );
    for (const { type } of rows) {
      const query = `select '{NULL}'::${type} as a`;
      const response = await reached.post(JSON.stringify({ query }), { 'neon-connection-string': url });
      expect([type, await response.json()]).toMatchObject([type, { rows: [{ a: [null] }] }]);
    }
  });
});

import { type NeonDbError, neon } from '@neondatabase/serverless';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, ownerUrl } from '../database.ts';
import { type Reached, reach, rejection, WAYS } from './ways.ts';

const FIELDS = [
  ...['message', 'severity', 'code', 'detail', 'hint', 'position', 'internalPosition', 'internalQuery', 'where'],
  ...['schema', 'table', 'column', 'dataType', 'constraint', 'file', 'line', 'routine'],
] as const;
const picked = (error: object) => FIELDS.map((field) => [field, (error as Record<string, unknown>)[field]]);

let database: Awaited<ReturnType<typeof createDatabase>>;
let url: string;
let plain: Client;
beforeAll(async () => {
  database = await createDatabase();
  url = ownerUrl(database.name);
  plain = new Client({ connectionString: url });
  await plain.connect();
  await plain.query(`create domain rating as int constraint stars check (value between 1 and 5);
    create table task (id int primary key, title text not null, stars rating, constraint short check (length(title) < 9));
    insert into task values (1, 'a', 5);
    create function complain() returns int language plpgsql as $$ begin
      raise exception using errcode = 'HD409', message = 'moved', detail = 'row 7', hint = 'again', column = 'c',
        constraint = 'k', datatype = 'd', table = 't', schema = 's';
    end $$;
    create function inner_fault() returns int language plpgsql as $$ begin execute 'select nope'; return 1; end $$`);
});
afterAll(async () => {
  await plain.end();
  await database.drop();
});

describe.each(WAYS)('errors %s', (way) => {
  let reached: Reached;
  beforeAll(async () => {
    reached = await reach(way, { maxRequestBytes: 100_000 });
  });
  afterAll(() => reached.close());

  test.each([
    'selec 1',
    'select * from nowhere',
    'select nope from task',
    'select 1; select 2',
    'select $1::int',
    `insert into task values (1, 'b', 1)`,
    'insert into task values (2, null, 1)',
    `insert into task values (2, 'b', 9)`,
    `insert into task values (2, 'much too long', 1)`,
    'select complain()',
    'select inner_fault()',
    `select '{"a":'::json`,
    'select 1/0',
    'rollback to savepoint x',
    'lock table task',
  ])('carry every field of PostgreSQL’s: %s', async (text) => {
    const own = await rejection(neon(url).query(text));
    const theirs = await rejection(plain.query({ text, queryMode: 'extended' } as never));
    expect(own.name).toBe('NeonDbError');
    expect(picked(own)).toEqual(picked(theirs));
    expect(own.code).toBeTruthy();
  });

  test.each([
    ['', /^could not parse the HTTP request body: /],
    ['{"query":', /^could not parse the HTTP request body: /],
    ['null', /untagged enum Payload$/],
    ['[]', /untagged enum Payload$/],
    ['{}', /untagged enum Payload$/],
    ['{"query":1}', /untagged enum Payload$/],
    ['{"query":"select 1","params":{}}', /untagged enum Payload$/],
    ['{"query":"select 1","params":null}', /untagged enum Payload$/],
    ['{"query":"select 1","arrayMode":1}', /untagged enum Payload$/],
    ['{"queries":{}}', /untagged enum Payload$/],
    ['{"queries":[null]}', /untagged enum Payload$/],
    ['{"queries":["select 1"]}', /untagged enum Payload$/],
    ['{"query":"select 1","params":["\\udfff"]}', /^could not parse the HTTP request body: /],
  ])('tell what is wrong with a body: %s', async (body, message) => {
    const response = await reached.post(body, { 'neon-connection-string': url });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { message: expect.stringMatching(message), code: '', severity: '', detail: null },
    ]);
  });

  test.each([
    [null, 'invalid header: neon-connection-string'],
    ['', 'invalid connection string: not a URL'],
    ['nonsense', 'invalid connection string: not a URL'],
    ['mysql://a:b@h/d', 'incorrect scheme'],
    ['postgresql://a:b@h', 'missing database name'],
    ['postgresql://a:b@h/', 'missing database name'],
    ['postgresql://h/d', 'missing username'],
    ['postgresql://a@h/d', 'missing authentication credentials: required password'],
    ['postgresql:///d', 'missing username'],
    ['postgresql://%ff:b@h/d', 'invalid connection string: not UTF-8 under its percent signs'],
  ])('tell what is wrong with a connection string: %s', async (connectionString, message) => {
    const headers: Record<string, string> =
      connectionString === null ? {} : { 'neon-connection-string': connectionString };
    const response = await reached.post('{"query":"select 1"}', headers);
    expect([response.status, await response.json()]).toMatchObject([400, { message }]);
  });

  test('refuse a body over the limit', async () => {
    const padded = (bytes: number) => neon(url).query(`select 1 as n --${'ä'.repeat(bytes / 2)}`);
    expect(await padded(99_000)).toEqual([{ n: 1 }]);
    expect((await rejection(padded(101_000))).message).toMatch(
      /^Server error \(HTTP status 413\): .*request is too large \(max is 100000 bytes\)/,
    );
  });

  test('tell a wrong password, role or database', async () => {
    const { host } = new URL(url);
    const ask = (auth: string, name = database.name) => neon(`postgresql://${auth}@${host}/${name}`)`select 1`;
    const wrong = {
      name: 'NeonDbError',
      code: '28P01',
      message: `password authentication failed for user 'honeydue_owner'`,
    };
    expect(await rejection(ask('honeydue_owner:wrong'))).toMatchObject(wrong);
    expect(await rejection(ask('nobody:owner'))).toMatchObject({
      code: '28P01',
      message: `password authentication failed for user 'nobody'`,
    });
    expect(await rejection(ask('honeydue_owner:owner', 'nowhere'))).toMatchObject({ code: '3D000' });
    await plain.query(`create role "odd:é/@" login password 'p%ss wörd/:@'`);
    expect(await ask(`${encodeURIComponent('odd:é/@')}:${encodeURIComponent('p%ss wörd/:@')}`)).toHaveLength(1);
    await plain.query('drop role "odd:é/@"');
  });

  test('refuse COPY, which has no place in this protocol, and carry on', async () => {
    const sql = neon(url);
    for (const text of ['copy task from stdin', 'copy task to stdout']) {
      expect(await rejection(sql.query(text))).toMatchObject({ message: 'unexpected message from server' });
      expect(await rejection(sql.transaction([sql.query(text), sql`select 1`]))).toMatchObject({
        message: 'unexpected message from server',
      });
    }
    expect(await sql`select count(*)::int as n from task`).toEqual([{ n: 1 }]);
  });

  test('are the driver’s own kind', async () => {
    const error: NeonDbError = (await rejection(neon(url)`select nope`)) as never;
    expect(error.sourceError).toBeUndefined();
    expect(error).toBeInstanceOf(Error);
  });
});

import { type AddressInfo, connect, createServer } from 'node:net';
import { neon, neonConfig } from '@neondatabase/serverless';
import { expect, test } from 'vitest';
import { connectionConfig } from '../../origin/neon/connection-string.ts';
import { createNeon } from '../../origin/neon/fetch.ts';
import { createDatabase, ownerUrl } from '../database.ts';
import { rejection } from './ways.ts';

/** A wire to the database that counts how often the talk turns from us to PostgreSQL. */
async function countingWire(host: string, port: number) {
  let trips = 0;
  let isOurTurn = true;
  const server = createServer((near) => {
    const far = connect(port, host);
    near.on('data', () => {
      if (isOurTurn) trips += 1;
      isOurTurn = false;
    });
    far.on('data', () => {
      isOurTurn = true;
    });
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async during(work: () => PromiseLike<unknown>) {
      trips = 0;
      await work();
      return trips;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

test('a query, a batch and a failing batch each take one round trip', async () => {
  const database = await createDatabase();
  const direct = new URL(ownerUrl(database.name));
  const wire = await countingWire(direct.hostname, Number(direct.port));
  const own = createNeon({ maxConnections: 1 });
  neonConfig.fetchFunction = own.fetch;
  const url = ownerUrl(database.name).replace(direct.port, `${wire.port}`);
  await own.warm(url, 1);
  const sql = neon(url);

  expect(await wire.during(() => sql`select ${1}::int`)).toBe(1);
  expect(await wire.during(() => sql`create table t (n int)`)).toBe(1);
  await sql`select 1`;
  expect(await wire.during(() => sql.transaction([1, 2, 3, 4].map((n) => sql`insert into t values (${n})`)))).toBe(1);
  expect(await wire.during(() => rejection(sql.transaction([sql`select 1`, sql`nonsense`, sql`select 2`])))).toBe(1);
  expect(await sql`select count(*)::int as n from t`).toEqual([{ n: 4 }]);

  await own.close();
  await wire.close();
  await database.drop();
});

test('connections beyond this machine are encrypted unless told otherwise', () => {
  const ssl = (host: string, query = '') => connectionConfig(`postgresql://a:b@${host}/c${query}`).ssl;
  expect([ssl('ep-x.neon.tech'), ssl('ep-x.neon.tech', '?sslmode=require'), ssl('10.0.0.1')]).toEqual([
    true,
    true,
    true,
  ]);
  expect([ssl('localhost'), ssl('127.0.0.1:5433'), ssl('[::1]')]).toEqual([false, false, false]);
  expect([ssl('db', '?sslmode=disable'), ssl('localhost', '?sslmode=verify-full')]).toEqual([false, true]);
  expect(connectionConfig('postgres://a:b@[::1]:7/c?options=-c%20a%3Db&sslrootcert=/etc/passwd')).toEqual({
    ...{ host: '::1', port: 7, user: 'a', password: 'b', database: 'c', ssl: false, enableChannelBinding: false },
    options: '-c a=b',
  });
});

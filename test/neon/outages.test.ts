import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neon, neonConfig } from '@neondatabase/serverless';
import getPort from 'get-port';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type LocalPostgres, startPostgres } from '../../dev/postgres.ts';
import { createNeon, type Neon, type NeonOptions } from '../../origin/neon/fetch.ts';
import { rejection, started, until } from './ways.ts';

let folder: string;
let port: number;
let postgres: LocalPostgres;
let url: string;
let own: Neon;
let heard: (Error & { code?: string })[];

const start = () => startPostgres({ folder, port, throwaway: true });
const use = (options: NeonOptions = {}) => {
  heard = [];
  own = createNeon({ ...options, onConnectionError: (error) => heard.push(error) });
  neonConfig.fetchFunction = own.fetch;
};
const asOwner = async (statement: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(statement).finally(() => client.end());
  return rows;
};
const others = (condition = 'true') => `from pg_stat_activity where backend_type = 'client backend'
  and pid <> pg_backend_pid() and ${condition}`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'honeydue-outage-'));
  port = await getPort();
  postgres = await start();
  url = postgres.url('postgres');
});
afterEach(() => own.close());
afterAll(async () => {
  await postgres.stop('immediate');
  rmSync(folder, { recursive: true, force: true });
});

test('warming opens connections before anybody asks, and they stay', async () => {
  use({ maxConnections: 5, idleTimeoutMs: 10 });
  expect(await own.warm(url, 3)).toEqual({ opened: 3, ms: expect.any(Number) });
  const pids = async () => (await asOwner(`select pid ${others()} order by 1`)).map(({ pid }) => pid);
  expect(await pids()).toHaveLength(3);
  await Promise.all([1, 2, 3, 4, 5].map((n) => started(neon(url)`select ${n}, pg_sleep(0.05)`)));
  await until(async () => (await pids()).length === 3);
  expect(await own.warm(url, 99)).toMatchObject({ opened: 5 });
});

test('an idle connection that PostgreSQL ends is dropped and replaced', async () => {
  use();
  await own.warm(url, 3);
  await asOwner(`select pg_terminate_backend(pid) ${others()}`);
  await until(() => heard.length >= 3);
  expect(heard.filter(({ code }) => code === '57P01')).toHaveLength(3);
  expect(await neon(url)`select 1 as n`).toEqual([{ n: 1 }]);
});

test('a statement that an administrator ends says so', async () => {
  use({ maxConnections: 1 });
  const sleep = [() => neon(url)`select pg_sleep(9)`, () => neon(url).transaction((t) => [t`select pg_sleep(9)`])];
  for (const ask of sleep) {
    const ended = rejection(ask());
    await until(async () => (await asOwner(`select 1 ${others(`wait_event = 'PgSleep'`)}`)).length > 0);
    await asOwner(`select pg_terminate_backend(pid) ${others()}`);
    expect(await ended).toMatchObject({ name: 'NeonDbError', code: '57P01', severity: 'FATAL' });
    expect(await neon(url)`select 1 as n`).toEqual([{ n: 1 }]);
  }
});

test('a restart of PostgreSQL costs the requests it interrupts and no others', async () => {
  use({ maxConnections: 4 });
  const sql = neon(url);
  await own.warm(url, 4);
  const interrupted = rejection(sql`select pg_sleep(9)`);
  await until(async () => (await asOwner(`select 1 ${others(`wait_event = 'PgSleep'`)}`)).length > 0);
  await postgres.stop('immediate');
  expect((await interrupted).code).toMatch(/^(57P0[123]|08006)$/);
  expect((await rejection(sql`select 1`)).message).toMatch(
    /^Server error \(HTTP status 500\): .*"message":"error connecting to server: .*ECONNREFUSED.*"code":"08001"/,
  );
  await expect(own.warm(url, 2)).rejects.toMatchObject({ code: '08001' });
  postgres = await start();
  expect(await sql`select 1 as n`).toEqual([{ n: 1 }]);
  expect(await Promise.all(Array.from({ length: 9 }, () => started(sql`select 1 as n`)))).toHaveLength(9);
});

/** A server that does as told with each connection instead of speaking PostgreSQL. */
async function impostor(behave: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // the other side hangs up: that is what is being tested
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `postgresql://a:b@127.0.0.1:${(server.address() as AddressInfo).port}/c`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test.each([
  ['hangs', () => {}, 'timeout'],
  ['hangs up', (socket: Socket) => socket.destroy(), 'Connection terminated|ECONNRESET'],
  ['talks nonsense', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), '.'],
])('a server that %s counts as unreachable, soon', async (_name, behave, reason) => {
  use({ connectTimeoutMs: 100 });
  const server = await impostor(behave);
  const { message } = await rejection(neon(server.url)`select 1`);
  expect(message).toMatch(new RegExp(`HTTP status 500.*error connecting to server: .*(${reason}).*"code":"08001"`));
  server.close();
});

test('a server that is starting up says so', async () => {
  use();
  const fields = 'SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0';
  const message = Buffer.alloc(5 + fields.length);
  message.write('E', 0);
  message.writeInt32BE(4 + fields.length, 1);
  message.write(fields, 5);
  const server = await impostor((socket) => socket.once('data', () => socket.end(message)));
  expect(await rejection(neon(server.url)`select 1`)).toMatchObject({
    code: '57P03',
    message: 'the database system is starting up',
  });
  server.close();
});

test('a role without free connections says so', async () => {
  use();
  await asOwner(`create role crowd login password 'crowd' connection limit 0`);
  const crowded = neon(url.replace(/\/\/.*@/, '//crowd:crowd@'));
  expect(await rejection(crowded`select 1`)).toMatchObject({ code: '53300' });
});

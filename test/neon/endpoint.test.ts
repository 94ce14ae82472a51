import { connect, type Socket } from 'node:net';
import { neon, neonConfig } from '@neondatabase/serverless';
import getPort from 'get-port';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type NeonEndpoint, startNeonEndpoint } from '../../dev/neon-endpoint.ts';
import { createDatabase, ownerUrl } from '../database.ts';
import { until } from './ways.ts';

let database: Awaited<ReturnType<typeof createDatabase>>;
let url: string;
let plain: Client;
let endpoint: NeonEndpoint;
const sockets: Socket[] = [];

beforeAll(async () => {
  database = await createDatabase();
  url = ownerUrl(database.name);
  plain = new Client({ connectionString: url });
  await plain.connect();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await endpoint.close();
});
afterAll(async () => {
  await plain.end();
  await database.drop();
});

const use = async (options: Partial<Parameters<typeof startNeonEndpoint>[0]> = {}) => {
  endpoint = await startNeonEndpoint({ port: await getPort(), ...options });
  neonConfig.fetchEndpoint = () => endpoint.url;
};
const isWell = async () => expect(await neon(url)`select 1 as n`).toEqual([{ n: 1 }]);
const active = async () =>
  (
    await plain.query(
      `select 1 from pg_stat_activity where state = 'active' and datname = $1 and pid <> pg_backend_pid()`,
      [database.name],
    )
  ).rowCount;

/** A client that sends what it likes, and remembers what it heard and whether it was hung up on. */
function rawClient(...sent: (string | Uint8Array)[]) {
  const socket = connect(Number(new URL(endpoint.url).port), '127.0.0.1');
  const client = { socket, heard: '', isClosed: false };
  sockets.push(socket);
  socket.on('data', (chunk) => {
    client.heard += chunk.toString('latin1');
  });
  socket.on('error', () => {}); // being hung up on is what is looked for
  socket.on('close', () => {
    client.isClosed = true;
  });
  for (const part of sent) socket.write(part);
  return client;
}

const head = (length: string, more = '') =>
  `POST /sql HTTP/1.1\r\nhost: x\r\nneon-connection-string: ${url}\r\n${length}\r\n${more}\r\n`;
const request = (query: string, more = '') => {
  const body = JSON.stringify({ query, params: [] });
  return head(`content-length: ${Buffer.byteLength(body)}`, more) + body;
};

describe('the HTTP endpoint', () => {
  test.each([
    ['GET', '/sql'],
    ['PUT', '/sql'],
    ['DELETE', '/sql'],
    ['OPTIONS', '/sql'],
    ['POST', '/'],
    ['POST', '/sql/'],
    ['POST', '/v2'],
  ])('answers only POST /sql: not %s %s', async (method, path) => {
    await use();
    const response = await fetch(new URL(path, endpoint.url), { method });
    expect([response.status, await response.json()]).toEqual([400, 'query is not supported']);
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
  });

  test('repeats the modes of a batch in its headers', async () => {
    await use();
    const modes = {
      'neon-batch-isolation-level': 'Serializable',
      'neon-batch-read-only': 'true',
      'neon-batch-deferrable': 'true',
    };
    const ask = (headers: object) =>
      fetch(endpoint.url, {
        method: 'POST',
        headers: { 'neon-connection-string': url, ...headers },
        body: JSON.stringify({
          queries: [{ query: 'select $1 as answer', params: [42], arrayMode: true }, { query: 'select 1 as a' }],
        }),
      });
    const response = await ask(modes);
    expect(await response.json()).toMatchObject({
      results: [
        { rowAsArray: true, rows: [['42']] },
        { rowAsArray: false, rows: [{ a: 1 }] },
      ],
    });
    expect(Object.fromEntries(response.headers)).toMatchObject(modes);
    const plainly = await ask({ 'neon-batch-isolation-level': 'Serializable', 'neon-batch-read-only': 'false' });
    expect(plainly.headers.has('neon-batch-read-only')).toBe(false);
    expect(plainly.headers.get('content-type')).toBe('application/json');
  });

  test('hangs up on headers and bodies that do not come', async () => {
    await use({ headersTimeoutMs: 100, bodyTimeoutMs: 200 });
    const clients = [
      rawClient('POST /sql HT'),
      rawClient('POST /sql HTTP/1.1\r\nhost: x\r\n'),
      rawClient(head('content-length: 1000'), '{"query"'),
      rawClient(head('transfer-encoding: chunked'), '5\r\n{"que\r\n'),
    ];
    const dripping = rawClient(head('content-length: 100000'));
    const drip = setInterval(() => dripping.socket.write(' '), 20);
    await until(() => [...clients, dripping].every(({ isClosed }) => isClosed));
    clearInterval(drip);
    for (const { heard } of clients) expect(heard).toMatch(/^(HTTP\/1\.1 408|$)/);
    await isWell();
  });

  test('counts what comes, whatever the headers say', async () => {
    await use({ maxRequestBytes: 10_000 });
    const chunked = (bytes: number) => [
      head('transfer-encoding: chunked'),
      `${bytes.toString(16)}\r\n${' '.repeat(bytes)}\r\n0\r\n\r\n`,
    ];
    const over = [rawClient(...chunked(15_000)), rawClient(head('content-length: 15000'), ' '.repeat(15_000))];
    await until(() => over.every(({ heard }) => heard.includes('request is too large (max is 10000 bytes)')));
    for (const { heard } of over) expect(heard).toMatch(/^HTTP\/1\.1 413 /);
    const farOver = rawClient(...chunked(1_000_000));
    await until(() => farOver.isClosed);
    await isWell();
  });

  test('drops those who take no answer', async () => {
    // More than the kernel's buffers take in.
    await use({ writeTimeoutMs: 150, maxResponseBytes: 60_000_000 });
    const slow = rawClient(request(`select repeat('x', 50000000) as x`));
    slow.socket.pause();
    await until(() => {
      slow.socket.write(' '); // tells a dead connection from a live one
      return slow.isClosed;
    });
    expect(slow.heard.length).toBeLessThan(50_000_000);
    await isWell();
  });

  test('stops the statement of a client that hangs up', async () => {
    await use();
    const client = rawClient(request('select pg_sleep(9)'));
    await until(active);
    client.socket.destroy();
    await until(async () => (await active()) === 0);
    await isWell();
  });

  test.each([
    ['nonsense', ['GARBAGE\r\n\r\n'], 400],
    ['a length that is none', [head('content-length: x')], 400],
    ['two lengths', [head('content-length: 5', 'content-length: 6\r\n')], 400],
    ['length and chunks', [head('content-length: 5', 'transfer-encoding: chunked\r\n')], 400],
    ['huge headers', [head('content-length: 0', `x-big: ${'x'.repeat(40_000)}\r\n`)], 431],
    ['bytes that are no text', [head('content-length: 5'), Buffer.from('22c328c322', 'hex')], 400],
    ['no body', [head('content-length: 0')], 400],
  ])('survives %s', async (_name, sent, status) => {
    await use();
    const client = rawClient(...sent);
    await until(() => client.heard.includes('\r\n\r\n'));
    expect(client.heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await isWell();
  });

  test('answers pipelined requests in order', async () => {
    await use();
    const client = rawClient(request(`select 'first', pg_sleep(0.05)`) + request(`select 'second'`));
    await until(() => client.heard.includes('second'));
    expect(client.heard.indexOf('first')).toBeLessThan(client.heard.indexOf('second'));
  });

  test('takes no more clients than it may', async () => {
    await use({ maxSockets: 3 });
    const clients = Array.from({ length: 6 }, () => rawClient(head('content-length: 10')));
    await until(() => clients.filter(({ isClosed }) => isClosed).length === 3);
    for (const { socket } of clients) socket.destroy();
    await isWell();
  });

  test('closes despite a client that never finishes', async () => {
    await use({ closeTimeoutMs: 50 });
    const client = rawClient(head('content-length: 10'), '{');
    await until(() => client.socket.bytesWritten > 0);
    await endpoint.close();
    await until(() => client.isClosed);
    await use();
  });
});

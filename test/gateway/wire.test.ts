import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Redis as Client } from '@upstash/redis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newAccess } from '../../origin/gateway/access.ts';
import { withPatience } from '../../origin/gateway/patience.ts';
import { encodeResult } from '../../origin/gateway/reply.ts';
import { parseEnvironment } from '../../origin/gateway/settings.ts';
import { aStand, isReal, type Stand, TOKENS } from './stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await aStand();
});
afterAll(() => stand.stop());

type Options = RequestInit & { token?: string };
async function ask(path: string, { token = stand.token, ...init }: Options = {}) {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...init.headers };
  const response = await fetch(stand.url + path, { ...init, headers });
  return [response.status, await response.text(), response] as const;
}
const send = (body: unknown, path = '/', token = stand.token) =>
  ask(path, { method: 'POST', body: JSON.stringify(body), token });
const ok = (result: unknown) => [200, JSON.stringify({ result })];
const refused = (status: number, error: RegExp) => [status, expect.stringMatching(`^{"error":".*${error.source}.*"}$`)];
const just = async (asked: ReturnType<typeof ask>) => (await asked).slice(0, 2);

describe('a command in the path', () => {
  test('takes its arguments from path, body and query, in this order, decoded', async () => {
    expect(await just(ask('/set/a%2Fb%20%C3%BC/v+1'))).toEqual(ok('OK'));
    expect(await just(ask('/get/a%2Fb%20%C3%BC'))).toEqual(ok('v+1'));
    expect(await just(ask('/set/k/v?EX=100&NX'))).toEqual(ok('OK'));
    expect(await just(ask('/ttl/k/'))).toEqual(ok(100));
    expect(await just(ask('/set/k?EX=50', { method: 'POST', body: '{"json": "as it is"}' }))).toEqual(ok('OK'));
    expect(await just(ask('/get/k'))).toEqual(ok('{"json": "as it is"}'));
    expect(await just(ask('/SeT/k2//', { method: 'PUT' }))).toEqual(ok('OK'));
    expect(await just(ask('/get/k2'))).toEqual(ok(''));
    expect(await just(ask('/echo?text=a+b'.replace('text=', '')))).toEqual(ok('a b'));
  });

  test('carries any bytes, and answers them in base64', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    expect(await just(ask('/set/bytes', { method: 'POST', body: bytes }))).toEqual(ok('OK'));
    const inBase64 = { headers: { 'Upstash-Encoding': 'base64' } };
    expect(await just(ask('/get/bytes', inBase64))).toEqual(ok(Buffer.from(bytes).toString('base64')));
    if (!isReal) return; // the mock's keys are text
    expect(await just(ask('/set/%FF%00/x'))).toEqual(ok('OK'));
    expect(await just(ask('/exists/%FF%00'))).toEqual(ok(1));
    expect(await just(ask('/exists/%EF%BF%BD%00'))).toEqual(ok(0));
  });

  test('is answered to HEAD without a body, and to nothing else', async () => {
    expect(await just(ask('/ping', { method: 'HEAD' }))).toEqual([200, '']);
    const [status, , response] = await ask('/ping', { method: 'DELETE' });
    expect([status, response.headers.get('allow')]).toEqual([405, 'HEAD, GET, POST, PUT']);
  });
});

describe('a command in the body', () => {
  test('keeps numbers as they were written', async () => {
    await ask('/', { method: 'POST', body: '["mset", "n", 9007199254740993, "e", 1e+21, "b", true]' });
    expect(await just(send(['mget', 'n', 'e', 'b']))).toEqual(ok(['9007199254740993', '1e+21', 'true']));
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '["get", "k"'],
    ['no list', '{"get":"k"}'],
    ['an empty list', '[]'],
    ['an empty name', '["", "x"]'],
    ['null', '["set","k",null]'],
    ['a list in the list', '["set","k",["v"]]'],
    ['a hundred thousand brackets', '['.repeat(100_000)],
  ])('is refused if it is %s', async (_what, body) => {
    expect(await just(ask('/', { method: 'POST', body }))).toEqual([400, expect.stringMatching(/^\{"error":"ERR /)]);
  });

  test('may be 1 MiB long and no longer', async () => {
    const value = 'x'.repeat(1024 * 1024 - '["set","long",""]'.length);
    expect(await just(send(['set', 'long', value]))).toEqual(ok('OK'));
    expect(await just(send(['set', 'long', `${value}x`]))).toEqual(refused(413, /max request size exceeded: 1048576/));
    expect(await just(ask('/set/k', { method: 'POST', body: Buffer.alloc(5_000_000) }))).toEqual(refused(413, /size/));
  });

  test('and is not followed beyond all measure', async () => {
    const endless = request(`${stand.url}/set/k`, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    const cut = new Promise((resolve) => endless.once('error', resolve).once('close', resolve));
    const chunk = Buffer.alloc(1024 * 1024);
    const pour = (): void => void (endless.destroyed || endless.write(chunk, pour));
    endless.on('response', (response) => response.resume());
    pour();
    await cut;
    expect(await just(ask('/ping'))).toEqual(ok('PONG'));
  });
});

describe('tokens', () => {
  test('are asked for, in a header or in the query', async () => {
    expect(await just(ask('/ping', { token: '' }))).toEqual([401, '{"error":"Unauthorized"}']);
    expect(await just(ask('/ping', { token: `${stand.token}x` }))).toEqual([401, '{"error":"Unauthorized"}']);
    expect(await just(ask(`/set/t/v?_token=${stand.token}&EX=9`, { token: '' }))).toEqual(ok('OK'));
    for (const token of TOKENS.full) expect(await just(ask('/ttl/t', { token }))).toEqual(ok(9));
    const accessOf = newAccess(TOKENS);
    expect([...TOKENS.full, ...TOKENS.read, '', 'x'].map(accessOf)).toEqual([
      'full',
      'full',
      'read',
      undefined,
      undefined,
    ]);
  });

  test('the read-only one reads and does nothing else', async () => {
    const [token] = TOKENS.read;
    await ask('/set/r/1');
    expect(await just(ask('/get/r', { token }))).toEqual(ok('1'));
    for (const command of [
      'set',
      'del',
      'eval',
      'flushall',
      'sort',
      'getex',
      'publish',
      'script',
      'a-command-to-come',
    ]) {
      expect(await just(send([command, 'r', '1'], '/', token)), command).toEqual(
        refused(
          400,
          new RegExp(`NOPERM this user has no permissions to run the '${command}' command or its subcommand`),
        ),
      );
    }
    const mixed = await just(
      send(
        [
          ['get', 'r'],
          ['incr', 'r'],
          ['get', 'r'],
        ],
        '/pipeline',
        token,
      ),
    );
    expect(mixed).toEqual([
      200,
      expect.stringMatching(/^\[\{"result":"1"\},\{"error":"NOPERM .*"\},\{"result":"1"\}\]$/),
    ]);
    expect(
      await just(
        send(
          [
            ['get', 'r'],
            ['incr', 'r'],
          ],
          '/multi-exec',
          token,
        ),
      ),
    ).toEqual(refused(400, /EXECABORT .*NOPERM/));
  });

  test('are none too short and may be several', () => {
    const env = { REDIS_URL: 'redis://r', GATEWAY_TOKEN: `${'a'.repeat(24)}, ${'b'.repeat(24)}` };
    expect(parseEnvironment(env)).toMatchObject({
      GATEWAY_TOKEN: [/a/, /b/].map((c) => expect.stringMatching(c)),
      PORT: 8080,
    });
    expect(parseEnvironment(env).GATEWAY_READ_TOKEN).toEqual([]);
    for (const GATEWAY_TOKEN of ['', 'short', `${'a'.repeat(24)},short`]) {
      expect(() => parseEnvironment({ ...env, GATEWAY_TOKEN })).toThrow();
    }
  });
});

test.each([
  ...['ACL', 'CONFIG', 'SHUTDOWN', 'DEBUG', 'SAVE', 'BGSAVE', 'MODULE', 'REPLICAOF', 'SLAVEOF', 'MIGRATE', 'CLUSTER'],
  ...['MONITOR', 'SUBSCRIBE', 'MULTI', 'EXEC', 'WATCH', 'SELECT', 'AUTH', 'HELLO', 'RESET', 'QUIT', 'CLIENT', 'SWAPDB'],
  ...['BLPOP', 'BRPOP', 'BLMOVE', 'BZPOPMIN', 'WAIT'],
])('%s is nobody’s to send, however it is written', async (name) => {
  for (const asked of [send([name, 'x']), send([name.toLowerCase(), 'x']), ask(`/${name}/x`)]) {
    expect(await just(asked)).toEqual(refused(400, new RegExp(`Command is not available: '${name}'`)));
  }
  const done = await just(send([['ping'], [name, 'x'], ['ping']], '/pipeline'));
  expect(done).toEqual([
    200,
    expect.stringMatching(/^\[\{"result":"PONG"\},\{"error":"ERR .*"\},\{"result":"PONG"\}\]$/),
  ]);
  expect(await just(send([['ping'], [name, 'x']], '/multi-exec'))).toEqual(refused(400, /EXECABORT/));
});

describe('many at once', () => {
  test('a pipeline is done in order, and each command fails for itself', async () => {
    const commands = Array.from({ length: 1000 }, () => ['rpush', 'order', 'x']);
    const [, lengths] = await send(commands, '/pipeline');
    expect(JSON.parse(lengths)).toEqual(commands.map((_, at) => ({ result: at + 1 })));
    const [status, mixed] = await send(
      [
        ['set', 'k', '1'],
        ['lpush', 'k', '1'],
        ['incr', 'k'],
      ],
      '/pipeline',
    );
    expect([status, JSON.parse(mixed)]).toEqual([
      200,
      [{ result: 'OK' }, { error: expect.any(String) }, { result: 2 }],
    ]);
    for (const path of ['/pipeline', '/multi-exec']) {
      expect((await send([], path))[0]).toBe(400);
      expect((await send(['get', 'k'], path))[0]).toBe(400);
    }
  });

  test('nobody comes between the commands of a transaction', async () => {
    await send(['set', 'sum', 0]);
    const both = [
      ['incrby', 'sum', 1],
      ['incrby', 'sum', -1],
    ];
    const seen = await Promise.all(
      Array.from({ length: 100 }, async (_, at) =>
        at % 2 ? JSON.parse((await send(both, '/multi-exec'))[1]) : JSON.parse((await send(['get', 'sum']))[1]),
      ),
    );
    for (const [at, each] of seen.entries()) {
      expect(each).toEqual(at % 2 ? [{ result: 1 }, { result: 0 }] : { result: '0' });
    }
  });
});

test('the client’s sync token is answered, and what it tells of itself does no harm', async () => {
  const headers = {
    'upstash-sync-token': 'MQ==',
    'Upstash-Telemetry-Sdk': '@upstash/redis@v9',
    'x-forwarded-for': '1.2.3.4',
  };
  const [status, , response] = await ask('/ping', { headers });
  expect([status, response.headers.get('upstash-sync-token')]).toEqual([200, '0']);
  expect(response.headers.get('content-type')).toBe('application/json');
});

test('channels are heard as server-sent events, until the listener goes', async () => {
  const client = new Client({ url: stand.url, token: stand.token });
  const heard: unknown[] = [];
  const channel = client.subscribe<unknown>('news');
  const pattern = client.psubscribe<unknown>('ne*');
  channel.on('subscribe', (count) => heard.push(count));
  channel.on('message', (message) => heard.push(message));
  pattern.on('psubscribe', (count) => heard.push(count));
  pattern.on('pmessage', (message) => heard.push(message));
  await vi.waitUntil(() => heard.length === 2, { timeout: 3000, interval: 5 });
  expect(heard).toEqual([1, 1]);
  expect(await client.publish('news', { text: 'It, rains' })).toBe(2);
  await vi.waitUntil(() => heard.length === 4, { timeout: 3000, interval: 5 });
  const message = { channel: 'news', message: { text: 'It, rains' } };
  expect(heard.slice(2)).toEqual(expect.arrayContaining([message, { ...message, pattern: 'ne*' }]));
  await Promise.all([channel.unsubscribe(), pattern.unsubscribe()]);
  await vi.waitUntil(async () => (await client.publish('news', 'nobody')) === 0, { timeout: 3000, interval: 20 });
  expect(await just(ask('/subscribe'))).toEqual(refused(400, /wrong number of arguments/));
  expect(await just(ask('/subscribe/news', { token: 'x' }))).toEqual([401, '{"error":"Unauthorized"}']);
});

test('a request target that is no path is refused', async () => {
  const socket = connect(Number(new URL(stand.url).port), '127.0.0.1');
  socket.write('GET http://elsewhere/ping HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1.1 400 .*"error":"ERR the path begins with a slash"/s);
});

test('/health needs no token', async () => {
  expect(await just(ask('/health', { token: '' }))).toEqual([
    200,
    expect.stringMatching(/^\{"status":"ok","latency_ms":\d+\}$/),
  ]);
});

test.each([
  [['BLOCK', '0', 'STREAMS', 'x', '$'], '500'],
  [['COUNT', '3', 'block', '9999', 'STREAMS', 'x', '$'], '500'],
  [['GROUP', 'BLOCK', 'BLOCK', 'BLOCK', '20', 'STREAMS', 'x', '>'], '20'],
  [['COUNT', '3', 'STREAMS', 'BLOCK', '9999'], undefined],
])('%j waits for at most %s ms', (args, patience) => {
  const bounded = withPatience({ name: 'XREADGROUP', args }, 500);
  const changed = bounded.args.filter((word, at) => word !== args[at]);
  expect(changed).toEqual(patience === undefined || args.includes(patience) ? [] : [patience]);
  expect(bounded.args).toHaveLength(args.length);
});

test('integers keep all their digits', async () => {
  expect(encodeResult([{ digits: '9223372036854775807' }, [{ digits: '-1' }]], true)).toBe(
    '[9223372036854775807,[-1]]',
  );
  if (!isReal) return; // the mock counts as JavaScript does
  await send(['set', 'big', '9223372036854775806']);
  expect(await just(ask('/incr/big'))).toEqual([200, '{"result":9223372036854775807}']);
  expect(await just(ask('/incr/big'))).toEqual(refused(400, /ERR increment or decrement would overflow/));
});

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { newOwed } from '../../adapters/cache/owed.ts';
import { cacheFrom, redisCache } from '../../adapters/cache.ts';
import { signal } from '../../dev/guarded.ts';
import { startRedis } from '../../dev/redis.ts';
import type { Cache } from '../../domain/cache.ts';
import { aStand, isReal, type Stand } from '../gateway/stand.ts';

/** What this machine may add to a deadline while it has other things to do. */
const SLACK_MS = 1000;
const log = vi.fn();

let stand: Stand;
let cache: Cache;
const time = Date.now();
const now = () => time;

beforeAll(async () => {
  stand = await aStand();
  cache = redisCache({ url: stand.url, token: stand.token, log, deadline_ms: 2000 }, now);
});
afterAll(() => stand.stop());

const EMPTY = { body: null, epoch: expect.any(String) };
const NOTHING = { body: null, epoch: null };
const boardOf = async (user_id: number, from = cache) => (await from.boards.find(user_id, 'tasks')).body;
async function fillBoard(user_id: number, body: string) {
  const { epoch } = await cache.boards.find(user_id, 'tasks');
  if (epoch === null) throw new Error('The cache is away.');
  await cache.boards.fill(user_id, 'tasks', { epoch, body });
}

const ended = (work: Promise<unknown>): Promise<number> => work.then(() => performance.now());

describe('boards', () => {
  test('are found under their name until the epoch is raised', async () => {
    expect(await cache.boards.find(1, 'tasks')).toEqual(EMPTY);
    await fillBoard(1, '{"columns":["“true”", 9007199254740993]}');
    expect(await boardOf(1)).toBe('{"columns":["“true”", 9007199254740993]}');
    expect(await cache.boards.find(1, 'tasks?days=7')).toEqual(EMPTY);
    expect(await boardOf(2)).toBeNull();
    expect(await cache.boards.raise([2, 1])).toBe(true);
    expect(await boardOf(1)).toBeNull();
    expect(await cache.boards.raise([])).toBe(true);
  });

  test('what was read before a change never covers it, however late it is filled in', async () => {
    const { epoch } = await cache.boards.find(3, 'tasks');
    await cache.boards.raise([3]);
    await cache.boards.fill(3, 'tasks', { epoch: epoch ?? '', body: 'old' });
    expect(await boardOf(3)).toBeNull();
    await fillBoard(3, 'new');
    await cache.boards.fill(3, 'tasks', { epoch: epoch ?? '', body: 'old' });
    expect(await boardOf(3)).toBe('new');
  });

  test('are not as many nor as long as somebody likes', async () => {
    await fillBoard(4, 'x'.repeat(256 * 1024 + 1));
    expect(await boardOf(4)).toBeNull();
    const { epoch } = await cache.boards.find(4, 'tasks');
    const fill = (at: number) => cache.boards.fill(4, `n${at}`, { epoch: epoch ?? '', body: 'x' });
    await fill(0);
    await Promise.all(Array.from({ length: 68 }, (_, at) => fill(at + 1)));
    await fill(69);
    expect((await cache.boards.find(4, 'n0')).body).toBe('x');
    expect((await cache.boards.find(4, 'n69')).body).toBeNull();
  });
});

describe('last good copies', () => {
  const copy = (body: string, ms = 0) => ({ body, etag: '"e"', read_at: new Date(time + ms).toISOString() });

  const seen = (session: string, user_id: number) => ({ session, user_id });
  const kept = async (session: string, name = 'a') => (await cache.copies.find(session, name))?.body;
  const forget = (user_id: number, ms: number) => cache.copies.forget([user_id], new Date(time + ms).toISOString());

  test('are for sessions that were seen, each its user’s own', async () => {
    await cache.copies.keep(seen('s1', 10), '/api/tasks/', copy('board'));
    expect(await cache.copies.find('s1', '/api/tasks/')).toEqual({ user_id: 10, ...copy('board') });
    expect(await kept('s1', '/api/residences/')).toBeUndefined();
    expect(await kept('s2', '/api/tasks/')).toBeUndefined();
    await cache.copies.keep(seen('s2', 11), 'a', copy('x'));
    expect(await kept('s2', '/api/tasks/')).toBeUndefined();
  });

  test('are nobody’s who was seen before something of theirs ended, until they are seen again', async () => {
    await cache.copies.keep(seen('ended', 15), 'a', copy('x'));
    await cache.copies.keep(seen('other', 15), 'a', copy('x', 5));
    expect(await forget(15, 20)).toBe(true);
    expect([await kept('ended'), await kept('other')]).toEqual([undefined, undefined]);
    await cache.copies.keep(seen('ended', 15), 'a', copy('by a request that was on its way', 19));
    await cache.copies.keep(seen('other', 15), 'a', copy('y', 21));
    expect([await kept('ended'), await kept('other')]).toEqual([undefined, 'y']);
    await cache.copies.keep(seen('other', 15), 'a', copy('an older sight of it', 20));
    expect(await kept('other')).toBe('y');
  });

  test('a newer one stays, a forgotten one does not come back', async () => {
    const keep = (body: string, ms: number) => cache.copies.keep(seen('s4', 12), 'a', copy(body, ms));
    await keep('new', 10);
    await keep('old', 9);
    expect(await kept('s4')).toBe('new');
    await keep('newer', 11);
    expect(await kept('s4')).toBe('newer');
    expect(await forget(12, 20)).toBe(true);
    expect(await kept('s4')).toBeUndefined();
    await keep('from before', 19);
    expect(await kept('s4')).toBeUndefined();
    await keep('from after', 21);
    expect(await kept('s4')).toBe('from after');
  });

  test('one that the caller has is as good as sent anew, if it is the one', async () => {
    const at = async () => (await cache.copies.find('s7', 'a'))?.read_at;
    const known = (etag: string, ms: number) =>
      cache.copies.keep(seen('s7', 16), 'a', { ...copy('', ms), body: null, etag });
    await known('"e"', 1);
    expect(await at()).toBeUndefined();
    await cache.copies.keep(seen('s7', 16), 'a', copy('line\nbreaks', 2));
    await known('"e', 3);
    await known('"other"', 3);
    expect(await at()).toBe(copy('', 2).read_at);
    await known('"e"', 4);
    expect(await cache.copies.find('s7', 'a')).toEqual({ user_id: 16, ...copy('line\nbreaks', 4) });
  });

  test('what is none is not taken for one', async () => {
    await cache.copies.keep(seen('s6', 14), 'b', copy('x'));
    const headers = { authorization: `Bearer ${stand.token}` };
    for (const text of [
      '',
      'x',
      `${new Date(time).toISOString()}"e"`,
      'x'.repeat(24),
      `${'x'.repeat(24)}\n`,
      'x\n'.repeat(24),
    ]) {
      await fetch(`${stand.url}/hset/copy:14/c:a`, { method: 'POST', headers, body: text || ' ' });
      expect(await cache.copies.find('s6', 'a')).toBeNull();
    }
    await fetch(`${stand.url}/expire/copy:14/60`, { headers });
  });

  test('are a day old at most', async () => {
    await cache.copies.keep(seen('s5', 13), 'a', copy('x', -86_400_001));
    expect(await cache.copies.find('s5', 'a')).toBeNull();
  });
});

test('counts are everybody’s, and the same thing counts once', async () => {
  const other = redisCache({ url: stand.url, token: stand.token, log, deadline_ms: 2000 });
  const window_s = 60;
  expect(await cache.count('logins', { window_s })).toEqual({ count: 1, resets_in_s: 60 });
  expect(await other.count('logins', { window_s, by: 4 })).toMatchObject({ count: 5 });
  for (const each of [cache, other, cache]) {
    expect(await each.count('logins', { window_s, once: 'request-1' })).toMatchObject({ count: 6 });
  }
});

if (isReal) {
  test('everything expires', async () => {
    const redis = new Redis(stand.redis?.address ?? '');
    onTestFinished(() => redis.disconnect());
    const keys = await redis.keys('*');
    expect(keys.length).toBeGreaterThan(10);
    const longest = { board: 300, copy: 86_400, session: 900, count: 60, counted: 60 };
    for (const key of keys) {
      const [kind = ''] = key.split(':');
      const ttl = await redis.ttl(key);
      expect(ttl, key).toBeGreaterThan(0);
      expect(ttl, key).toBeLessThanOrEqual(new Map(Object.entries(longest)).get(kind) ?? 0);
    }
  });

  describe('what Redis does to us', () => {
    /** A cache whose Redis is nobody else's, and its breaker quick. */
    async function anOwn(settings: Record<string, string> = {}, deadline_ms = 300) {
      const own = await aStand(settings);
      onTestFinished(own.stop);
      const told = vi.fn();
      const options = { url: own.url, token: own.token, log: told, deadline_ms, half_open_after_ms: 400 };
      return { own, told, cache: redisCache(options, now) };
    }
    const back = async (from: Cache) =>
      await vi.waitUntil(async () => (await from.check()).state === 'ok', { timeout: 5000, interval: 20 });

    test('it hangs: answers in time, then at once, and again when it is back', async () => {
      const { own, told, cache } = await anOwn();
      expect(await cache.boards.find(1, 'tasks')).toEqual(EMPTY);
      const pid = own.redis?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      onTestFinished(() => signal(pid, 'SIGCONT'));
      for (let at = 0; at < 3; at++) {
        const began = performance.now();
        expect(await cache.boards.find(1, 'tasks')).toEqual(NOTHING);
        expect(performance.now() - began).toBeLessThan(300 + SLACK_MS);
      }
      expect(told.mock.calls).toEqual([['cache.away', { error: 'TimeoutError' }]]);
      const sent = vi.spyOn(globalThis, 'fetch');
      const silent = await Promise.all([cache.boards.raise([1]), cache.count('n', { window_s: 9 }), cache.check()]);
      expect(silent).toEqual([false, null, { state: 'down', latency_ms: null }]);
      expect(sent).not.toHaveBeenCalled();
      // Half open: one asks, and nobody waits for what it is told.
      await vi.waitUntil(
        async () => {
          const ends = await Promise.all([ended(cache.check()), ended(cache.check())]);
          if (sent.mock.calls.length === 0) return false;
          expect(ends[1]).toBeLessThan(ends[0] - 150);
          return true;
        },
        { timeout: 5000, interval: 20 },
      );
      expect(sent).toHaveBeenCalledOnce();
      // For copies there is more patience, and an end to it as well.
      sent.mockClear();
      for (let at = 0; at < 5; at++) expect(await cache.copies.find('s', 'a')).toBeNull();
      expect(sent).toHaveBeenCalledTimes(3);
      sent.mockRestore();
      signal(pid, 'SIGCONT');
      await back(cache);
      expect(told).toHaveBeenLastCalledWith('cache.back');
    });

    test('it is down while something changes: what it still has is not believed', async () => {
      const { own, cache } = await anOwn();
      const { epoch } = await cache.boards.find(1, 'tasks');
      await cache.boards.fill(1, 'tasks', { epoch: epoch ?? '', body: 'before the change' });
      await cache.copies.keep({ session: 's', user_id: 1 }, 'a', {
        body: 'x',
        etag: '',
        read_at: new Date(time).toISOString(),
      });
      expect([await boardOf(1, cache), (await cache.copies.find('s', 'a'))?.body]).toEqual(['before the change', 'x']);
      const pid = own.redis?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      onTestFinished(() => signal(pid, 'SIGCONT'));
      expect(await cache.boards.raise([1])).toBe(false);
      expect(await cache.copies.forget([1], new Date(time).toISOString())).toBe(false);
      signal(pid, 'SIGCONT');
      await back(cache);
      expect(await cache.boards.find(1, 'tasks')).toEqual(EMPTY);
      expect(await cache.copies.find('s', 'a')).toBeNull();
    });

    test('it is wiped: nothing is found, and nothing from before comes back', async () => {
      const { own, cache } = await anOwn();
      const { epoch } = await cache.boards.find(1, 'tasks');
      await cache.copies.keep({ session: 's', user_id: 1 }, 'a', {
        body: 'x',
        etag: '',
        read_at: new Date(time).toISOString(),
      });
      const redis = new Redis(own.redis?.address ?? '');
      await redis.flushall();
      redis.disconnect();
      await cache.boards.fill(1, 'tasks', { epoch: epoch ?? '', body: 'from before' });
      expect(await boardOf(1, cache)).toBeNull();
      expect(await cache.copies.find('s', 'a')).toBeNull();
    });

    test('it is full: it says no to each, the breaker stays closed, and nobody’s data is in the log', async () => {
      const { told, cache } = await anOwn({ maxmemory: '100kb', 'maxmemory-policy': 'noeviction' }, 2000);
      for (let at = 0; at < 5; at++) expect(await cache.boards.find(1, 'tasks')).toEqual(NOTHING);
      await cache.copies.keep({ session: 's', user_id: 1 }, 'canary-name', {
        body: 'canary-body',
        etag: '',
        read_at: new Date(time).toISOString(),
      });
      expect(await cache.check()).toMatchObject({ state: 'ok' });
      expect(JSON.stringify(told.mock.calls)).toMatch(/OOM command not allowed/);
      expect(JSON.stringify(told.mock.calls)).not.toMatch(/canary/);
      expect(told.mock.calls.map(([event]) => event)).not.toContain('cache.away');
    });

    test('it is full, and forgets what was used least: whatever is found is right', async () => {
      const { cache } = await anOwn({ maxmemory: '3mb' }, 2000);
      const body = (user_id: number) => `${user_id}:${'x'.repeat(200_000)}`;
      for (let user_id = 0; user_id < 20; user_id++) {
        const { epoch } = await cache.boards.find(user_id, 'tasks');
        await cache.boards.fill(user_id, 'tasks', { epoch: epoch ?? '', body: body(user_id) });
      }
      const found = await Promise.all(Array.from({ length: 20 }, (_, user_id) => boardOf(user_id, cache)));
      const kept = found.flatMap((each, user_id) => (each === null ? [] : [each === body(user_id)]));
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.length).toBeLessThan(20);
      expect(kept.every(Boolean)).toBe(true);
    });

    test('it goes and comes again empty', async () => {
      const { own, cache } = await anOwn();
      await cache.boards.find(1, 'tasks');
      await own.redis?.stop();
      for (let at = 0; at < 4; at++) expect(await cache.boards.find(1, 'tasks')).toEqual(NOTHING);
      const again = await startRedis(Number(new URL(own.redis?.address ?? '').port), join(tmpdir(), 'again.log'));
      onTestFinished(again.stop);
      await back(cache);
      expect(await cache.boards.find(1, 'tasks')).toEqual(EMPTY);
    });
  });
}

test.each([
  ['a gateway that never answers', 'TimeoutError', () => {}],
  ['one that begins and never ends', 'TimeoutError', (response: ServerResponse) => response.write('{"result":')],
  [
    'one that says something else',
    'UpstashJSONParseError',
    (response: ServerResponse) => response.end('<h1>Hello</h1>'),
  ],
  [
    'one that knows no such token',
    'Unauthorized',
    (response: ServerResponse) => response.writeHead(401).end('{"error":"Unauthorized"}'),
  ],
])('%s is as good as none, and costs the deadline three times', async (_what, error, behave) => {
  const server = createServer((_request, response) => behave(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const asked = vi.fn();
  server.on('request', asked);
  const { port } = server.address() as AddressInfo;
  const told = vi.fn();
  const away = redisCache({ url: `http://127.0.0.1:${port}`, token: 'any-token', log: told });
  const began = performance.now();
  for (let at = 0; at < 10; at++) expect(await away.boards.find(1, 'tasks')).toEqual(NOTHING);
  expect(performance.now() - began).toBeLessThan(3 * 80 + SLACK_MS);
  expect(asked).toHaveBeenCalledTimes(3);
  expect(told.mock.calls).toEqual([['cache.away', { error }]]);
});

test('what is owed is remembered for as long as it matters, and too much of it is everything', () => {
  let time = 0;
  const owed = newOwed(1000, () => time);
  owed.add(['a', 'b']);
  owed.settle(['b']);
  expect([owed.has('a'), owed.has('b'), owed.has('c')]).toEqual([true, false, false]);
  time = 1000;
  expect(owed.has('a')).toBe(false);
  owed.add(Array.from({ length: 10_000 }, (_, at) => `n${at}`));
  expect([owed.has('n9999'), owed.has('c')]).toEqual([true, false]);
  owed.add(['one more']);
  expect(owed.has('c')).toBe(true);
  time = 2000;
  expect(owed.has('c')).toBe(false);
});

test('a cache is what the environment names, whole or not at all', () => {
  expect(cacheFrom({}, log)).toBeUndefined();
  expect(cacheFrom({ REDIS_REST_URL: '' }, log)).toBeUndefined();
  expect(cacheFrom({ REDIS_REST_URL: stand.url, REDIS_REST_TOKEN: 'x' }, log, false)).toMatchObject({ is_near: false });
  expect(cacheFrom({ REDIS_REST_URL: stand.url, REDIS_REST_TOKEN: 'x' }, log)).toBeDefined();
  expect(() => cacheFrom({ REDIS_REST_URL: stand.url }, log)).toThrow();
  expect(() => cacheFrom({ REDIS_REST_URL: 'redis://r', REDIS_REST_TOKEN: 'x' }, log)).toThrow();
});

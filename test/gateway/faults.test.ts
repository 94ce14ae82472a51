import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { signal } from '../../dev/guarded.ts';
import { startRedis } from '../../dev/redis.ts';
import { redisConnections } from '../../origin/gateway/redis-connection.ts';
import { aStand, isReal, type Stand } from './stand.ts';

const DEADLINE_MS = 150;
/** What this machine may add to a deadline while it has other things to do. */
const SLACK_MS = 1500;

let stand: Stand;
afterEach(() => stand?.stop());

const ask = async (path: string) => {
  const response = await fetch(stand.url + path, { headers: { authorization: `Bearer ${stand.token}` } });
  return [response.status, await response.text()];
};
const eventually = async (path: string, status: number) =>
  await vi.waitUntil(async () => (await ask(path))[0] === status, { timeout: 5000, interval: 20 });

if (isReal) {
  describe('answers come in time', () => {
    test('while Redis hangs', async () => {
      stand = await aStand({}, { deadline_ms: DEADLINE_MS, connections: 4 });
      expect(await ask('/set/k/v')).toEqual([200, '{"result":"OK"}']);
      const pid = stand.redis?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      onTestFinished(() => signal(pid, 'SIGCONT'));
      const began = performance.now();
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/get/k')));
      expect(performance.now() - began).toBeLessThan(DEADLINE_MS + SLACK_MS);
      for (const answer of answers)
        expect(answer).toEqual([504, '{"error":"UNAVAILABLE Redis did not answer in time"}']);
      process.kill(pid, 'SIGCONT');
      await eventually('/get/k', 200);
      expect(stand.logged.map(({ event }) => event)).toEqual(['redis.failing', 'redis.well']);
    });

    test('while Redis is down, and are right again when it is back', async () => {
      stand = await aStand();
      await ask('/set/k/v');
      await stand.redis?.stop();
      const began = performance.now();
      expect(await ask('/health')).toEqual([200, expect.stringContaining('"degraded"')]);
      for (const path of ['/get/k', '/get/k', '/subscribe/x']) expect((await ask(path))[0]).toBe(503);
      expect(performance.now() - began).toBeLessThan(SLACK_MS);
      const again = await startRedis(Number(new URL(stand.redis?.address ?? '').port), join(tmpdir(), 'again.log'));
      onTestFinished(again.stop);
      expect(await ask('/get/k')).toEqual([200, '{"result":null}']);
    });

    test('while Redis is full', async () => {
      stand = await aStand({ maxmemory: '100kb', 'maxmemory-policy': 'noeviction' });
      expect(await ask('/set/k/v')).toEqual([400, expect.stringContaining('OOM command not allowed')]);
      expect(await ask('/get/k')).toEqual([200, '{"result":null}']);
    });

    test('while a script of somebody else never ends', async () => {
      stand = await aStand({ 'busy-reply-threshold': '100' }, { deadline_ms: DEADLINE_MS });
      expect((await ask('/eval/while true do end/0'))[0]).toBe(504);
      await eventually('/get/k', 400); // BUSY
      expect(await ask('/script/kill')).toEqual([200, '{"result":"OK"}']);
      await eventually('/get/k', 200);
    });
  });

  test('where the gateway’s user may do no more than it must, a script may not either', async () => {
    const rights = '~* &* +@all -@admin -@dangerous +info +keys +flushdb +flushall';
    const redis = await startRedis(await getPort(), join(tmpdir(), 'acl.log'), {
      user: `gateway on >a-password ${rights}`,
    });
    onTestFinished(redis.stop);
    const url = redis.address.replace('redis://', 'redis://gateway:a-password@');
    stand = await aStand({}, { connect: redisConnections(url, 1000) });
    for (const path of ['/set/k/v', '/keys/*', '/flushall', '/info', '/eval/return 1/0', '/scan/0', '/publish/c/m']) {
      expect([path, (await ask(path))[0]]).toEqual([path, 200]);
    }
    expect(await ask("/eval/return redis.call('MIGRATE', 'h', '1', 'k', '0', '9')/0")).toEqual([
      400,
      expect.stringMatching(/permissions|NOPERM|can't run this command/),
    ]);
  });

  test('whoever hangs up gives the connection back', async () => {
    stand = await aStand({}, { connections: 1, deadline_ms: 20_000 });
    const redis = new Redis(stand.redis?.address ?? '');
    onTestFinished(() => redis.disconnect());
    const gone = new AbortController();
    const waiting = fetch(`${stand.url}/xread/block/0/streams/x/$?_token=${stand.token}`, { signal: gone.signal });
    await vi.waitUntil(async () => /blocked_clients:1/.test(await redis.info('clients')));
    gone.abort();
    await expect(waiting).rejects.toThrow();
    const began = performance.now();
    expect((await ask('/ping'))[0]).toBe(200);
    expect(performance.now() - began).toBeLessThan(SLACK_MS);
  });

  test('who is told to stop answers what is under way, ends what is listened to, and takes no more', async () => {
    const redis = await startRedis(await getPort(), join(tmpdir(), 'stopped.log'));
    onTestFinished(redis.stop);
    const port = await getPort();
    const env = { ...process.env, REDIS_URL: redis.address, PORT: String(port), HOST: '127.0.0.1' };
    const gateway = spawn(process.execPath, ['origin/gateway/server.ts'], {
      env: { ...env, GATEWAY_TOKEN: 'a-token-for-everything-0001', GATEWAY_DEADLINE_MS: '1000' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void gateway.kill('SIGKILL'));
    await once(gateway.stdout, 'data');
    const headers = { authorization: 'Bearer a-token-for-everything-0001' };
    const at = `http://127.0.0.1:${port}`;
    const stream = await fetch(`${at}/subscribe/x`, { headers });
    const slow = fetch(`${at}/xread/block/400/streams/x/$`, { headers });
    await vi.waitUntil(async () =>
      /blocked_clients:1/.test(await (await fetch(`${at}/info/clients`, { headers })).text()),
    );
    gateway.kill('SIGTERM');
    expect(await (await slow).json()).toEqual({ result: null });
    expect(await stream.text()).toBe('data: subscribe,x,1\n\n');
    expect(await once(gateway, 'exit')).toEqual([0, null]);
    await expect(fetch(at, { headers })).rejects.toThrow();
  });
}

test('a setting that is missing ends the process at its door', async () => {
  const gateway = spawn(process.execPath, ['origin/gateway/server.ts'], { env: {}, stdio: 'ignore' });
  const [code] = await once(gateway, 'exit');
  expect(code).not.toBe(0);
});

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Bell } from '../../domain/event.ts';
import type { Trust } from '../../origin/caller.ts';
import { rung } from '../../origin/rung.ts';
import { ringIn } from '../../queues/ring.ts';
import { originBell } from '../../workers/failover/bell.ts';
import { RING_PATH } from '../../workers/failover/ring-path.ts';

const SECRET = 'a secret that edge and origin know of each other';
const OTHER = 'a secret that somebody else has thought of himself';

async function originHears(ring: (bells: Bell[]) => Promise<void>) {
  const logged: unknown[] = [];
  const log = (event: string, fields = {}) => void logged.push({ event, ...fields });
  const trust: Trust = { secrets: [SECRET], isOurs: null, isAnybodyHeard: true };
  const server = serve({ fetch: (request) => rung(request, trust, { ring, log }), port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, logged };
}

const ringing = (url: string, secret = SECRET) =>
  ringIn({
    long: originBell({ url, secrets: [secret] }, 'long'),
    apns: originBell({ url, secrets: [secret] }, 'apns'),
  });

test('the origin hears at once what is worked off there alone, and nothing that is to wait', async () => {
  const heard: Bell[] = [];
  const { url } = await originHears(async (bells) => void heard.push(...bells));
  await ringing(url)([
    { event_id: 1, queue: 'long' },
    { event_id: 2, queue: 'apns' },
    { event_id: 3, queue: 'long', delay_s: 60 },
    { event_id: 4, queue: 'jobs' },
  ]);
  expect(heard.sort((a, b) => a.event_id - b.event_id)).toEqual([
    { event_id: 1, queue: 'long' },
    { event_id: 2, queue: 'apns' },
  ]);
});

test('nobody is heard but the edge, and whoever was not heard is told', async () => {
  const ring = vi.fn(async () => {});
  const { url } = await originHears(ring);
  const bell: Bell = { event_id: 1, queue: 'long' };
  await expect(ringing(url, OTHER)([bell])).rejects.toThrow('not rung: status 421');
  for (const init of [{}, { method: 'POST', body: JSON.stringify([bell]) }]) {
    expect((await fetch(url + RING_PATH, init)).status).toBe(421);
  }
  expect(ring).not.toHaveBeenCalled();
  await expect(ringing('http://127.0.0.1:1')([bell])).rejects.toThrow('not rung');
});

test('what becomes of it is nothing to the edge', async () => {
  const { url, logged } = await originHears(async () => Promise.reject(new Error('The database is away.')));
  await ringing(url)([{ event_id: 1, queue: 'long' }]);
  await vi.waitUntil(() => logged.length > 0);
  expect(logged).toEqual([{ event: 'ring.failed', error: 'Error: The database is away.' }]);
});

import { Redis as Client } from '@upstash/redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CALLS } from './calls.ts';
import { aStand, isReal, type Stand } from './stand.ts';

let stand: Stand;
let client: Client;
const sent: { path: string; body: unknown; answer: unknown }[] = [];

beforeAll(async () => {
  stand = await aStand();
  client = new Client({ url: stand.url, token: stand.token, enableAutoPipelining: false, retry: { retries: 0 } });
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const response = await real(input, init);
    const answer: unknown = await response.clone().json();
    sent.push({ path: new URL(String(input)).pathname, body: JSON.parse(String(init?.body)), answer });
    return response;
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await stand.stop();
});

const calls = CALLS.filter(([, , where]) => isReal || !where).map(
  ([call, answer]) => [String(call).replace(/\s+/g, ' '), call, answer] as const,
);

test.each(calls)('%s', async (_text, call, answer) => {
  expect(await call(client)).toEqual(answer);
});

if (isReal) {
  test('the same commands sent straight to Redis have the same answers, and leave the same behind', async () => {
    const straight = new Redis(stand.redis?.address ?? '', { db: 1 });
    const through = new Redis(stand.redis?.address ?? '');
    for (const { path, body, answer } of sent) {
      const commands = path === '/' ? [body] : body;
      const answers = path === '/' ? [answer] : answer;
      for (const [at, [name, ...args]] of (commands as [string, ...string[]][]).entries()) {
        const { result, error } = (answers as { result?: unknown; error?: string }[])[at] ?? {};
        if (/^xpending$/i.test(name)) continue; // answers how long ago
        const expected = await straight.callBuffer(name.toUpperCase(), ...args.map(String)).then(
          (value) => ({ result: inBase64(value, true) }),
          (refusal: Error) => ({ error: refusal.message }),
        );
        expect({ result, error }, JSON.stringify([name, ...args])).toEqual(expected);
      }
    }
    for (const key of await through.keysBuffer('*')) {
      expect(await straight.type(key), String(key)).toBe(await through.type(key));
      if ((await through.type(key)) === 'stream') continue; // keeps when it was read
      expect(await straight.dumpBuffer(key), String(key)).toEqual(await through.dumpBuffer(key));
    }
    expect(await straight.dbsize()).toBe(await through.dbsize());
    expect(sent.length).toBeGreaterThan(140);
    straight.disconnect();
    through.disconnect();
  });
}

/** As Upstash does: every string but an OK that stands alone. */
function inBase64(value: unknown, isAlone = false): unknown {
  if (Array.isArray(value)) return value.map((each) => inBase64(each));
  if (!Buffer.isBuffer(value)) return value;
  return isAlone && String(value) === 'OK' ? 'OK' : value.toString('base64');
}

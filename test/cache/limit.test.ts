import { expect, test, vi } from 'vitest';
import type { Cache, Count } from '../../domain/cache.ts';
import { newLimit } from '../../origin/limit.ts';
import { askedOnce } from '../../origin/near-cache.ts';
import { REQUESTS_PER_MINUTE } from '../../workers/http/rate-limit.ts';

const QUOTA = REQUESTS_PER_MINUTE.token;
const times = async (limit: ReturnType<ReturnType<typeof newLimit>>, n: number) => {
  const said = await Promise.all(Array.from({ length: n }, () => limit('token', 'one')));
  return said.filter(Boolean).length;
};

test('pods count together while Redis answers, and each for itself while it does not', async () => {
  const counts = new Map<string, number>();
  const count: Count = async (key) => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return { count: counts.get(key) ?? 0, resets_in_s: 60 };
  };
  const [one, other] = [newLimit(), newLimit()];
  expect(await times(one(count), QUOTA - 1)).toBe(QUOTA - 1);
  expect(await times(other(count), 10)).toBe(1);
  expect(await one(count)('token', 'another')).toBe(true);
  const away: Count = async () => null;
  expect(await times(one(away), QUOTA + 10)).toBe(QUOTA);
  expect(await times(other(), QUOTA + 10)).toBe(QUOTA);
  expect(await other()('address', 'one')).toBe(true);
});

test('on its way to the database a request waits for a Redis that is away once', async () => {
  const asked = vi.fn();
  const saying =
    <T>(answer: T) =>
    async (): Promise<T> => {
      asked();
      return answer;
    };
  const cache: Cache = {
    is_near: true,
    boards: { find: saying({ body: null, epoch: null }), fill: saying(undefined), raise: saying(true) },
    copies: { keep: saying(undefined), find: saying(null), forget: saying(true) },
    count: saying(null),
    owners: new Map(),
    check: saying({ state: 'down' as const, latency_ms: null }),
  };
  const all = async ({ count, boards }: Cache) => [
    await count('a', { window_s: 1 }),
    await boards.find(1, 'b'),
    await count('a', { window_s: 1 }),
  ];
  const nothing = [null, { body: null, epoch: null }, null];
  expect([await all(askedOnce(cache)), asked.mock.calls.length]).toEqual([nothing, 1]);
  // The next request asks anew; whether that costs anything says the breaker.
  expect([await all(askedOnce(cache)), asked.mock.calls.length]).toEqual([nothing, 2]);
  const counting = { ...cache, count: saying({ count: 1, resets_in_s: 1 }) };
  await all(askedOnce(counting));
  expect(asked).toHaveBeenCalledTimes(4);
  const there = { ...counting, boards: { ...cache.boards, find: saying({ body: null, epoch: 'e' }) } };
  await all(askedOnce(there));
  expect(asked).toHaveBeenCalledTimes(7);
  // Without a database there is nothing else to be had.
  const near = askedOnce(cache);
  await all(near);
  await near.copies.find('s', 'c');
  expect(asked).toHaveBeenCalledTimes(9);
});

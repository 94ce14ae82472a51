import { expect, test } from 'vitest';
import { refuse } from '../../dev/push/apple.ts';
import { apnsTo, MINUTE_MS, standIn } from './apple-client.ts';
import { aPush, pushError } from './contract.ts';

/** Both sides live by one clock. */
async function atOneTime() {
  const apple = await standIn();
  let now_ms = Date.parse('2026-11-21T12:00:00Z');
  apple.clock = () => now_ms;
  const apns = apnsTo(apple, { now: () => new Date(now_ms).toISOString() });
  const later = (minutes: number) => {
    now_ms += minutes * MINUTE_MS;
  };
  return { apple, apns, later };
}

test('the provider token is kept for most of an hour, then a new one', async () => {
  const { apple, apns, later } = await atOneTime();
  for (const minutes of [0, 25, 24, 1, 49, 1]) {
    later(minutes);
    await apns.send(aPush('ios'));
  }
  expect([apple.tokens.size, apple.received.length]).toEqual([3, 6]);
});

test('the provider token is made once for all who ask first', async () => {
  const { apple, apns } = await atOneTime();
  await Promise.all(Array.from({ length: 20 }, () => apns.send(aPush('ios'))));
  expect(apple.tokens.size).toBe(1);
});

test('the provider token is made anew when Apple’s clock is ahead, once for all, and the pushes go', async () => {
  const { apple, apns, later } = await atOneTime();
  await apns.send(aPush('ios'));
  later(30);
  const ours = apple.clock;
  apple.clock = () => ours() + 31 * MINUTE_MS; // by which the token is over an hour old
  await Promise.all(Array.from({ length: 5 }, () => apns.send(aPush('ios'))));
  expect(apple.tokens.size).toBe(2);
  expect(apple.received).toHaveLength(6);
});

test('the provider token is not made anew too early, whatever Apple says', async () => {
  const { apple, apns, later } = await atOneTime();
  await apns.send(aPush('ios'));
  later(19);
  apple.behave = refuse(403, 'ExpiredProviderToken');
  expect(await pushError(apns.send(aPush('ios')))).toMatchObject({ kind: 'temporary' });
  expect([apple.tokens.size, apple.received.length]).toEqual([1, 2]);
});

test('the provider token is not tried a third time', async () => {
  const { apple, apns, later } = await atOneTime();
  await apns.send(aPush('ios'));
  later(21);
  apple.behave = refuse(403, 'ExpiredProviderToken');
  expect(await pushError(apns.send(aPush('ios')))).toMatchObject({ kind: 'temporary' });
  expect([apple.tokens.size, apple.received.length]).toEqual([2, 3]);
});

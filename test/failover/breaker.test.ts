import { expect, test } from 'vitest';
import { newBreaker } from '../../workers/failover/breaker.ts';

function aBreaker() {
  let now_ms = 1_000_000;
  const turns: boolean[] = [];
  const onTurn = (isOpen: boolean) => void turns.push(isOpen);
  const breaker = newBreaker({ now: () => now_ms, patience_ms: 1000, lasts_ms: 4000, onTurn });
  const go = (ending: 'good' | 'bad' | 'neither', may_probe = true) => {
    const end = breaker.begin(may_probe);
    end?.(ending);
    return end !== null;
  };
  const wait = (ms: number) => {
    now_ms += ms;
  };
  return { breaker, go, wait, turns };
}

test('three failures in a row open it, and two with a success between them do not', () => {
  const { go, turns } = aBreaker();
  for (const ending of ['bad', 'bad', 'good', 'bad', 'bad'] as const) expect(go(ending)).toBe(true);
  expect(go('neither')).toBe(true);
  expect(turns).toEqual([]);
  expect(go('bad')).toBe(true);
  expect(turns).toEqual([true]);
  expect(go('good')).toBe(false);
});

test('after five seconds one at a time tries whether the path is back, of those that may', () => {
  const { breaker, go, wait, turns } = aBreaker();
  for (let n = 0; n < 3; n += 1) go('bad');
  wait(4999);
  expect(go('good')).toBe(false);
  wait(1);
  expect(go('good', false)).toBe(false);
  const probe = breaker.begin(true);
  expect(probe).not.toBeNull();
  expect(go('good')).toBe(false);
  probe?.('bad');
  wait(4999);
  expect(go('good')).toBe(false);
  wait(1);
  // What did not go that way says nothing, and the next may try.
  expect(go('neither')).toBe(true);
  expect(go('good')).toBe(true);
  expect(turns).toEqual([true, false]);
  expect(go('good', false)).toBe(true);
});

test('a probe whose request has ended without a word is not waited for', () => {
  const { breaker, go, wait } = aBreaker();
  for (let n = 0; n < 3; n += 1) go('bad');
  wait(5000);
  expect(breaker.begin(true)).not.toBeNull();
  wait(4000);
  expect(go('good')).toBe(false);
  wait(1);
  expect(go('good')).toBe(true);
  expect(go('good')).toBe(true);
});

test('three that have waited a second, while nothing came back, open it for those that come', () => {
  const { breaker, go, wait, turns } = aBreaker();
  const [first] = [breaker.begin(true), breaker.begin(true), breaker.begin(true)];
  wait(999);
  expect(go('good')).toBe(true);
  wait(999);
  expect(go('neither')).toBe(true);
  wait(1);
  expect(go('good')).toBe(false);
  expect(turns).toEqual([true]);
  // It began before it opened: whatever it says is of another time.
  first?.('good');
  expect(go('good')).toBe(false);
});

test('what takes long by itself, as a file does, is no sign that anything hangs', () => {
  const { breaker, go, wait, turns } = aBreaker();
  for (let n = 0; n < 9; n += 1) breaker.begin(false);
  wait(2000);
  expect(go('neither')).toBe(true);
  expect(turns).toEqual([]);
});

test('whoever began long ago, and says no more how it went, does not count', () => {
  const { breaker, go, wait } = aBreaker();
  for (let n = 0; n < 9; n += 1) breaker.begin(true);
  wait(4001);
  expect(go('good')).toBe(true);
});

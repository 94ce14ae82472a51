import { expect, test } from 'vitest';
import { Code, type CodeSeed, codeOf, isCodeOf } from './code.ts';

const KEY = 'a key for tests, and for nothing else';
const seed: CodeSeed = { user_id: 42, purpose: 'verify_email', nonce: 'n-1' };

// By another implementation: HMAC-SHA-256 of `verify_email|42|n-1`, as a number, its last six digits.
test.each([
  ['n-1', '848943'],
  ['n-162', '003530'],
  ['n-223', '009684'],
])('of %s the code is %s', async (nonce, code) => {
  expect(await codeOf({ ...seed, nonce }, KEY)).toBe(code);
});

test('codes are spread over all that six digits can say', async () => {
  const seeds = Array.from({ length: 500 }, (_, n) => ({ ...seed, nonce: `n-${n}` }));
  const codes = await Promise.all(seeds.map((one) => codeOf(one, KEY)));
  expect(new Set(codes).size).toBeGreaterThan(495);
  expect(new Set(codes.map((code) => code[0])).size).toBe(10);
});

test('another person, purpose, nonce or key is another code', async () => {
  const code = await codeOf(seed, KEY);
  const others = await Promise.all([
    codeOf({ ...seed, user_id: 43 }, KEY),
    codeOf({ ...seed, purpose: 'reset_password' }, KEY),
    codeOf({ ...seed, nonce: 'n-2' }, KEY),
    codeOf(seed, `${KEY}!`),
  ]);
  expect(others).not.toContain(code);
});

test('a code is the seed’s by any of the keys, and nobody’s without a seed', async () => {
  const code = await codeOf(seed, KEY);
  expect(await isCodeOf(seed, [KEY], code)).toBe(true);
  expect(await isCodeOf(seed, ['another key', KEY], code)).toBe(true);
  expect(await isCodeOf(seed, ['another key'], code)).toBe(false);
  expect(await isCodeOf(null, [KEY], code)).toBe(false);
  const nobodys = await codeOf({ user_id: 0, purpose: 'verify_email', nonce: '' }, KEY);
  expect(await isCodeOf(null, [KEY], nobodys)).toBe(false);
  for (const other of ['', code.slice(1), `${code}0`, `0${code}`]) {
    expect(await isCodeOf(seed, [KEY], other)).toBe(false);
  }
});

test('a code is typed as digits', () => {
  expect(Code.parse(' 012345 ')).toBe('012345');
  for (const input of ['12345', '1234567', '12 345', '１２３４５６', 12345, null]) {
    expect(Code.safeParse(input).success).toBe(false);
  }
});

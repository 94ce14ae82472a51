import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HandedOver, isHandedOver, SIGNATURE_GOOD_S, signHandOver } from '../../domain/edge-signature.ts';

const SECRETS = ['the first secret, which signs, of some length', 'the second, which is still believed for a while'];
const NOW = Date.parse('2026-03-07T15:00:00Z');
const handed: fc.Arbitrary<HandedOver> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'),
  url: fc.webUrl({ withQueryParameters: true }),
  address: fc.oneof(fc.ipV4(), fc.ipV6()),
  key: fc.string({ maxLength: 128 }),
  digest: fc.stringMatching(/^[0-9a-f]{64}$/),
});
const index = fc.nat({ max: 1 });

test('what one of the secrets has signed is believed, whichever it was', async () => {
  await fc.assert(
    fc.asyncProperty(handed, index, async (what, i) => {
      expect(await isHandedOver(SECRETS, await signHandOver(SECRETS[i] ?? '', what, NOW), what, NOW)).toBe(true);
    }),
  );
});

test('anything else that was said of it is not', async () => {
  await fc.assert(
    fc.asyncProperty(handed, handed, fc.constantFrom(...KEYS), async (what, other, field) => {
      fc.pre(what[field] !== other[field]);
      const signature = await signHandOver(SECRETS[0] ?? '', what, NOW);
      expect(await isHandedOver(SECRETS, signature, { ...what, [field]: other[field] }, NOW)).toBe(false);
    }),
  );
  // And nothing runs from one field into the next.
  const signature = await signHandOver(SECRETS[0] ?? '', { ...ANY, address: 'ab', key: 'c' }, NOW);
  expect(await isHandedOver(SECRETS, signature, { ...ANY, address: 'a', key: 'bc' }, NOW)).toBe(false);
});
const KEYS = ['method', 'url', 'address', 'key', 'digest'] as const;
const ANY: HandedOver = { method: 'GET', url: 'https://a/', address: '', key: '', digest: '' };

test('it is good for a minute, before and after, as clocks differ', async () => {
  await fc.assert(
    fc.asyncProperty(handed, fc.integer({ min: -200, max: 200 }), async (what, later_s) => {
      const signature = await signHandOver(SECRETS[0] ?? '', what, NOW);
      const isGood = Math.abs(later_s) <= SIGNATURE_GOOD_S;
      expect(await isHandedOver(SECRETS, signature, what, NOW + later_s * 1000)).toBe(isGood);
    }),
  );
});

test('a signature by nobody, of nothing or in pieces is none', async () => {
  const signature = await signHandOver('a secret that nobody here has ever heard of', ANY, NOW);
  expect(await isHandedOver(SECRETS, signature, ANY, NOW)).toBe(false);
  const good = await signHandOver(SECRETS[0] ?? '', ANY, NOW);
  expect(await isHandedOver([], good, ANY, NOW)).toBe(false);
  for (const torn of ['', 't=', good.slice(0, -1), `${good}0`, good.replace(/t=\d+/, 't=0'), good.toUpperCase()]) {
    expect(await isHandedOver(SECRETS, torn, ANY, NOW), torn).toBe(false);
  }
});

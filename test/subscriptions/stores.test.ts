import { describe, expect, test } from 'vitest';
import { storesFrom } from '../../adapters/billing/stores.ts';
import { accountNamed } from '../../domain/subscription.ts';
import { test as inWorld } from '../home.ts';
import { openStores } from './store-fronts.ts';

describe('the environment', () => {
  test('tells of each store, or of none', async () => {
    expect(storesFrom({})).toEqual({ apple: null, google: null, stripe: null });
    const { env, close } = await openStores();
    await close();
    const { apple, google, stripe } = storesFrom(env);
    expect([apple, google, stripe?.price_ids]).toEqual([
      expect.objectContaining({ verifyTransaction: expect.any(Function) }),
      expect.objectContaining({ acknowledge: expect.any(Function) }),
      ['price_year', 'price_month'],
    ]);
    expect(apple?.readPurchase).toBeUndefined();
    const key = { APPLE_API_ISSUER_ID: 'i', APPLE_API_KEY_ID: 'k', APPLE_API_PRIVATE_KEY: 'p' };
    expect(storesFrom({ ...env, ...key }).apple?.readPurchase).toBeTypeOf('function');
    const empty = Object.fromEntries(Object.keys(env).map((name) => [name, '']));
    expect(storesFrom(empty)).toEqual({ apple: null, google: null, stripe: null });
  });

  test('that tells of one by halves is an error', async () => {
    const { env, close } = await openStores();
    await close();
    for (const name of ['GOOGLE_SERVICE_ACCOUNT', 'GOOGLE_PUSH_EMAIL', 'STRIPE_WEBHOOK_SECRETS', 'STRIPE_PRICE_IDS']) {
      expect(() => storesFrom({ ...env, [name]: '' }), name).toThrow(name);
    }
    expect(() => storesFrom({ ...env, APPLE_API_KEY_ID: 'k' })).toThrow('APPLE_API_PRIVATE_KEY');
    expect(() => storesFrom({ ...env, APPLE_ENVIRONMENTS: 'production,Xcode' })).toThrow('APPLE_ENVIRONMENTS');
  });
});

inWorld('a store that is not set up answers 503, and when to come back', async ({ world }) => {
  const ann = await world.person('ann');
  for (const [path, who, input] of [
    ['purchase/apple', ann, { signed_transaction: 'x' }],
    ['purchase/google', ann, { purchase_token: 'x' }],
    ['checkout', ann, { success_url: 'honeydue://a', cancel_url: 'honeydue://b' }],
    ['portal', ann, { return_url: 'honeydue://a' }],
    ['webhook/apple', null, {}],
    ['webhook/google', null, {}],
    ['webhook/stripe', null, {}],
  ] as const) {
    const answer = await world.send('POST', `/api/subscription/${path}/`, who, input);
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')], path).toEqual([
      503,
      'billing_unavailable',
      '300',
    ]);
  }
  expect(await world.rows('select from outbox')).toEqual([]);
});

test.each([
  ['42', 42],
  ['686f6e65-7944-8000-8000-00000000002a', 42],
  ['686F6E65-7944-8000-8000-00000000002A', 42],
  ['7e3fb20b-4cdb-47cc-936d-99d65f608138', null],
  ['686f6e65-7944-8000-8000-00000000002a0', null],
  ['0', null],
  ['042', null],
  ['-1', null],
  ['1e3', null],
  ['9'.repeat(30), null],
  ['ann', null],
  ['', null],
  [null, null],
])('the reference %s names the account %s', (ref, user_id) => {
  expect(accountNamed(ref)).toBe(user_id);
});

import type { World } from '../home.ts';
import { openStores, type StoreFronts } from '../subscriptions/store-fronts.ts';
import { OWN, type Sample, type Samples } from './sample.ts';

let opened: Promise<StoreFronts> | undefined;

/** The same stores for all requests of a test run. */
async function shopping(world: World): Promise<StoreFronts> {
  opened ??= openStores();
  const fronts = await opened;
  world.ports.stores = fronts.stores;
  return fronts;
}

const CUSTOMER = `insert into subscription_transaction
  (platform, transaction_id, user_id, product_id, customer_ref, status, stated_at)
  values ('stripe', $1, $2, 'price_year', 'cus_1', 'expired', now())`;

const post = (path: string, sample: Omit<Sample, 'answers'>): Samples => ({
  [`POST /api/subscription/${path}/`]: { ...sample, answers: OWN },
});
const read = (path: string): Samples => ({
  [`GET /api/subscription/${path}/`]: { request: () => ({ path: `/api/subscription/${path}/` }), answers: OWN },
});

export const SUBSCRIPTIONS: Samples = {
  ...read('status'),
  ...read('features'),
  ...post('purchase/apple', {
    async make(world) {
      const { apple } = await shopping(world);
      return { jws: await apple.transaction({ originalTransactionId: crypto.randomUUID() }) };
    },
    request: ({ jws }) => ({ path: '/api/subscription/purchase/apple/', body: { signed_transaction: jws } }),
    trips: 1,
  }),
  ...post('purchase/google', {
    async make(world) {
      const { google } = await shopping(world);
      const token = crypto.randomUUID();
      google.sell(token);
      return { token };
    },
    request: ({ token }) => ({ path: '/api/subscription/purchase/google/', body: { purchase_token: token } }),
  }),
  ...post('checkout', {
    async make(world) {
      await shopping(world);
      return {};
    },
    request: () => ({
      path: '/api/subscription/checkout/',
      body: { success_url: 'honeydue://thanks', cancel_url: 'honeydue://plans' },
    }),
  }),
  ...post('portal', {
    async make(world, _home, caller) {
      await shopping(world);
      await world.rows(CUSTOMER, [crypto.randomUUID(), caller.user_id]);
      return {};
    },
    request: () => ({ path: '/api/subscription/portal/', body: { return_url: 'honeydue://account' } }),
  }),
};

const told = (store: 'apple' | 'google' | 'stripe'): Samples => ({
  [`POST /api/subscription/webhook/${store}/`]: {
    async make(world) {
      const { apple, google, stripe } = await shopping(world);
      const { body, headers } = await {
        apple: () => apple.notification('DID_RENEW'),
        google: () => google.push('token'),
        stripe: () => stripe.event('sub_1'),
      }[store]();
      return { told: JSON.stringify(body), headers: JSON.stringify(headers) };
    },
    request: ({ told, headers }) => ({
      path: `/api/subscription/webhook/${store}/`,
      body: JSON.parse(`${told}`),
      headers: JSON.parse(`${headers}`),
    }),
    trips: 1,
  },
});

/** Above the sign-in line. */
export const WEBHOOKS: Samples = { ...told('apple'), ...told('google'), ...told('stripe') };

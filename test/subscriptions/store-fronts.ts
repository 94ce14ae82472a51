import { createHmac } from 'node:crypto';
import { exportPKCS8, generateKeyPair } from 'jose';
import { storesFrom } from '../../adapters/billing/stores.ts';
import type { Stores } from '../../domain/billing.ts';
import { makeChain, pem, signJws } from '../adapters/certificates.ts';
import { startIssuer } from '../adapters/issuer.ts';
import { type Answer, type Asked, startServer } from '../adapters/local-server.ts';

const DAY_MS = 24 * 3600 * 1000;
/** When every test happens: as in test/home.ts, which only vitest can import. */
export const NOW_MS = Date.parse('2026-03-07T15:00:00.000Z');
/** The database has a clock of its own, and no test may run out. */
export const inDays = (days: number): number => Date.now() + days * DAY_MS;
export const iso = (ms: number): string => new Date(ms).toISOString();

const PUSH = { audience: 'https://api.example.com/push', email: 'push@honeydue.iam.example' };
const STRIPE_SECRET = 'whsec_1';
/** Google's access tokens are kept by account. */
let accounts = 0;

export type StoreFronts = Awaited<ReturnType<typeof openStores>>;

/** The three stores as their customers and their webhooks know them, each speaking its own protocol on the loopback. */
export async function openStores() {
  const [chain, pubsub, { privateKey }] = await Promise.all([
    makeChain(),
    startIssuer(),
    generateKeyPair('RS256', { extractable: true }),
  ]);
  /** By purchase token, and by subscription id. */
  const sold = new Map<string, object>();
  const subscribed = new Map<string, object>();
  /** What they answer instead, while something is wrong. */
  let trouble: Answer | undefined;
  const play = await startServer((asked) => trouble ?? answerAsPlay(sold, asked));
  const api = await startServer((asked) => trouble ?? answerAsStripe(subscribed, asked));
  accounts += 1;

  const env = {
    APPLE_BUNDLE_ID: 'app.honeydue',
    APPLE_ROOTS: pem(chain.root),
    GOOGLE_PACKAGE_NAME: 'app.honeydue',
    GOOGLE_SERVICE_ACCOUNT: JSON.stringify({
      client_email: `billing-${process.pid}-${accounts}@honeydue.iam.example`,
      private_key: await exportPKCS8(privateKey),
      token_uri: `${play.url}/token`,
    }),
    GOOGLE_PUSH_AUDIENCE: PUSH.audience,
    GOOGLE_PUSH_EMAIL: PUSH.email,
    GOOGLE_JWKS_URL: pubsub.jwks_url,
    PLAY_API_URL: play.url,
    STRIPE_SECRET_KEY: 'rk_test_1',
    STRIPE_WEBHOOK_SECRETS: STRIPE_SECRET,
    STRIPE_PRICE_IDS: 'price_year,price_month',
    STRIPE_API_URL: api.url,
  };
  const stores: Stores = storesFrom(env);

  const apple = {
    /** What StoreKit gives to the client. */
    transaction: (changes: object = {}) => signJws(chain, appleTransaction(changes)),
    /** A notification as it is posted; of no purchase if there is no transaction. */
    async notification(type: string, transaction: object | null = {}, more: AppleMore = {}) {
      const { uuid = crypto.randomUUID(), renewal = {}, by = chain } = more;
      const bought = appleTransaction(transaction ?? {});
      const { originalTransactionId, environment, signedDate } = bought;
      const info = { originalTransactionId, environment, signedDate, autoRenewStatus: 1, ...renewal };
      const signed = transaction && {
        signedTransactionInfo: await signJws(by, bought),
        signedRenewalInfo: await signJws(by, info),
      };
      const data = { bundleId: 'app.honeydue', environment, ...signed };
      const payload = { notificationType: type, notificationUUID: uuid, signedDate: NOW_MS, data };
      return { body: { signedPayload: await signJws(by, payload) }, headers: {} };
    },
  };

  const google = {
    asked: play.asked,
    /** How many purchases were acknowledged. */
    acknowledged: () => play.asked.filter(({ path }) => path.endsWith(':acknowledge')).length,
    sell: (token: string, changes: object = {}) => void sold.set(token, googleSubscription(changes)),
    /** A push of Pub/Sub. */
    async push(token: string, more: { messageId?: string; type?: number; email?: string } = {}) {
      const { messageId = crypto.randomUUID(), type = 2, email = PUSH.email } = more;
      const notification = {
        packageName: 'app.honeydue',
        eventTimeMillis: `${NOW_MS}`,
        subscriptionNotification: { notificationType: type, purchaseToken: token },
      };
      const data = Buffer.from(JSON.stringify(notification)).toString('base64');
      const seconds = Math.floor(NOW_MS / 1000);
      const claims = { sub: '1', iss: 'https://accounts.google.com', aud: PUSH.audience, iat: seconds - 5 };
      const jwt = await pubsub.sign({ ...claims, exp: seconds + 3600, email, email_verified: true });
      return { body: { message: { data, messageId } }, headers: { authorization: `Bearer ${jwt}` } };
    },
  };

  const stripe = {
    asked: api.asked,
    subscribe: (id: string, changes: object = {}) => void subscribed.set(id, stripeSubscription(id, changes)),
    /** An event as it is posted. */
    event(id: string, more: { event_id?: string; type?: string; secret?: string; at_ms?: number } = {}) {
      const { event_id = `evt_${crypto.randomUUID()}`, type = 'customer.subscription.updated' } = more;
      const { secret = STRIPE_SECRET, at_ms = NOW_MS } = more;
      const t = Math.floor(at_ms / 1000);
      const object = { object: 'subscription', id, amount: 4900, customer_email: 'ann@example.com' };
      const body = { id: event_id, object: 'event', type, created: t, livemode: true, data: { object } };
      const mac = createHmac('sha256', secret)
        .update(`${t}.${JSON.stringify(body)}`)
        .digest('hex');
      return { body, headers: { 'stripe-signature': `t=${t},v1=${mac}` } };
    },
  };

  return {
    env,
    stores,
    apple,
    google,
    stripe,
    fail: (answer?: Answer) => {
      trouble = answer;
    },
    close: () => Promise.all([pubsub.close(), play.close(), api.close()]),
  };
}

type AppleMore = { uuid?: string; renewal?: object; by?: Awaited<ReturnType<typeof makeChain>> };

const appleTransaction = (changes: object) => ({
  originalTransactionId: '2000000123',
  bundleId: 'app.honeydue',
  productId: 'pro.yearly',
  environment: 'Production',
  signedDate: NOW_MS - 5000,
  expiresDate: inDays(30),
  price: 49_990,
  currency: 'USD',
  ...changes,
});

const googleSubscription = (changes: object) => ({
  subscriptionState: 'SUBSCRIPTION_STATE_ACTIVE',
  acknowledgementState: 'ACKNOWLEDGEMENT_STATE_PENDING',
  lineItems: [
    { productId: 'pro', expiryTime: iso(inDays(30)), autoRenewingPlan: { autoRenewEnabled: true }, latestOrderId: 'G' },
  ],
  ...changes,
});

const stripeSubscription = (id: string, changes: object) => ({
  id,
  object: 'subscription',
  status: 'active',
  livemode: true,
  cancel_at_period_end: false,
  cancel_at: null,
  ended_at: null,
  customer: 'cus_1',
  metadata: {},
  items: { data: [{ current_period_end: Math.floor(inDays(30) / 1000), price: { id: 'price_year' } }] },
  ...changes,
});

function answerAsPlay(sold: Map<string, object>, { method, path }: Asked): Answer {
  if (path === '/token') return { json: { access_token: 'ya29.a', expires_in: 3599, token_type: 'Bearer' } };
  if (method === 'POST' && path.endsWith(':acknowledge')) {
    const [, token = ''] = /\/tokens\/([^/]*):acknowledge$/.exec(path) ?? [];
    const name = decodeURIComponent(token);
    const found = sold.get(name);
    if (!found) return { status: 404, json: { error: { code: 404 } } };
    sold.set(name, { ...found, acknowledgementState: 'ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED' });
    return { text: '' };
  }
  const found = sold.get(decodeURIComponent(path.split('/').at(-1) ?? ''));
  return found ? { json: found } : { status: 410, json: { error: { code: 410 } } };
}

const pages = new Map<string, string>();

function answerAsStripe(subscribed: Map<string, object>, { method, path, headers }: Asked): Answer {
  if (method === 'GET') {
    const found = subscribed.get(path.replace('/v1/subscriptions/', ''));
    return found ? { json: found } : { status: 404, json: { error: { code: 'resource_missing' } } };
  }
  const key = `${headers['idempotency-key']}`;
  const url = pages.get(key) ?? `https://stripe.example/${path.split('/').at(-2)}/${pages.size}`;
  pages.set(key, url);
  return { json: { id: 'cs_1', url, expires_at: Math.floor(inDays(1) / 1000) } };
}

import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stripe } from '../../adapters/billing/stripe.ts';
import { verifyStripe } from '../../adapters/billing/stripe-signature.ts';
import type { NewCheckout } from '../../domain/billing.ts';
import { type Answer, type Asked, deadUrl, type LocalServer, startServer } from './local-server.ts';

const NOW = '2026-06-01T12:00:00.000Z';
const NOW_S = Date.parse(NOW) / 1000;
const SECRET_KEY = 'rk_test_4eC39';
const [NEW_SECRET, OLD_SECRET] = ['whsec_new', 'whsec_old'];

let server: LocalServer;
/** What Stripe answers to this; undefined: as always. */
let instead: Answer | undefined;
const subscriptions = new Map<string, object>();
const answered = new Map<string, { body: string; json: object }>();

/** Stripe's API, as far as it goes: bearer key, forms, a pinned version, idempotency keys, errors in its words. */
function answerAsStripe({ method, path, headers, body }: Asked): Answer {
  const error = (status: number, code: string) => ({
    status,
    json: { error: { type: 'invalid_request_error', code, message: 'No.' } },
  });
  if (instead) return instead;
  if (headers.authorization !== `Bearer ${SECRET_KEY}`)
    return { status: 401, json: { error: { type: 'invalid_request_error' } } };
  if (!/^\d{4}-\d\d-\d\d\.\w+$/.test(`${headers['stripe-version']}`)) return error(400, 'version');
  if (method === 'GET') {
    const found = subscriptions.get(path.replace('/v1/subscriptions/', ''));
    return found ? { json: found } : error(404, 'resource_missing');
  }
  const key = `${headers['idempotency-key'] ?? ''}`;
  if (key === '' || !headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return error(400, 'form');
  const before = answered.get(key);
  if (before) return before.body === body ? { json: before.json } : error(400, 'idempotency_error');
  const json =
    path === '/v1/checkout/sessions'
      ? {
          id: `cs_test_${answered.size}`,
          object: 'checkout.session',
          url: 'https://checkout.stripe.example/c/pay',
          expires_at: NOW_S + 86400,
        }
      : {
          id: `bps_${answered.size}`,
          object: 'billing_portal.session',
          url: 'https://billing.stripe.example/p/session',
        };
  answered.set(key, { body, json });
  return { json };
}

beforeAll(async () => {
  server = await startServer(answerAsStripe);
});
beforeEach(() => {
  instead = undefined;
});
afterAll(() => server.close());

const client = (options: { api_url?: string; secret_key?: string } = {}) =>
  stripe({ secret_key: SECRET_KEY, webhook_secrets: [NEW_SECRET, OLD_SECRET], api_url: server.url, ...options });
const unavailable = (answer: Promise<unknown>, why = '') =>
  expect(answer).rejects.toMatchObject({
    code: 'billing_unavailable',
    cause: { message: expect.stringContaining(why) },
  });

describe('an event', () => {
  const event = (object: object, more: object = {}) => ({
    id: 'evt_1',
    object: 'event',
    type: 'customer.subscription.updated',
    created: NOW_S - 30,
    livemode: true,
    api_version: '2026-10-28.endive',
    data: { object },
    ...more,
  });
  const bytes = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));
  const updated = bytes(event({ id: 'sub_1', object: 'subscription', status: 'active' }));
  const mac = (secret: string, body: Uint8Array, t: number | string) =>
    createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex');
  const signature = (body: Uint8Array, { t = NOW_S, secret = NEW_SECRET } = {}) => `t=${t},v1=${mac(secret, body, t)}`;
  const tell = (body: Uint8Array<ArrayBuffer>, header: string | undefined = signature(body), now = NOW) =>
    client().verifyEvent(body, header, now);
  const refused = (answer: Promise<unknown>) => expect(answer).rejects.toMatchObject({ code: 'invalid_signature' });

  test('says which subscription to read', async () => {
    expect(await tell(updated)).toEqual({
      provider: 'stripe',
      event_id: 'evt_1',
      type: 'customer.subscription.updated',
      transaction_id: 'sub_1',
      environment: 'production',
      occurred_at: '2026-06-01T11:59:30.000Z',
      purchase: null,
    });
  });

  test.each([
    [{ object: 'checkout.session', id: 'cs_1', subscription: 'sub_2', client_reference_id: '42' }, 'sub_2'],
    [{ object: 'checkout.session', id: 'cs_1', subscription: { id: 'sub_3', object: 'subscription' } }, 'sub_3'],
    [
      {
        object: 'invoice',
        id: 'in_1',
        parent: { type: 'subscription_details', subscription_details: { subscription: 'sub_4' } },
      },
      'sub_4',
    ],
    [{ object: 'invoice', id: 'in_1', subscription: 'sub_5' }, 'sub_5'],
    [{ object: 'invoice', id: 'in_1', parent: null }, null],
    [{ object: 'charge', id: 'ch_1' }, null],
    [{ object: 'balance' }, null],
  ])('about %j is of %s', async (object, transaction_id) => {
    expect(await tell(bytes(event(object, { livemode: false })))).toMatchObject({
      transaction_id,
      environment: 'sandbox',
    });
  });

  test('may be signed with either secret while one is rotated, or with both', async () => {
    const [fresh, old, wrong] = [
      mac(NEW_SECRET, updated, NOW_S),
      mac(OLD_SECRET, updated, NOW_S),
      mac('whsec_no', updated, NOW_S),
    ];
    for (const header of [
      `t=${NOW_S},v1=${old}`,
      `t=${NOW_S},v1=${wrong},v1=${fresh},v0=${wrong}`,
      `t=${NOW_S}, v1=${old}, v1=${fresh}`,
    ]) {
      expect(await tell(updated, header)).toMatchObject({ event_id: 'evt_1' });
    }
    await refused(tell(updated, `t=${NOW_S},v1=${wrong}`));
  });

  test('signed otherwise, or not, is refused', async () => {
    const good = mac(NEW_SECRET, updated, NOW_S);
    const headers = [
      '',
      'x',
      `t=${NOW_S}`,
      `v1=${good}`,
      `t=${NOW_S},v0=${good}`,
      `t=${NOW_S},v1=${good.slice(0, -2)}`,
      `t=${NOW_S},v1=${good}00`,
      `t=${NOW_S},v1=`,
      `t=,v1=${good}`,
      `t=abc,v1=${good}`,
      `t=${NOW_S},v1=${'0'.repeat(64)}`,
      `t=${NOW_S},v1=${good}${',v1=x'.repeat(1000)}`,
    ];
    for (const header of headers) await refused(tell(updated, header));
    await refused(client().verifyEvent(updated, undefined, NOW));
    await refused(verifyStripe(updated, signature(updated), [], NOW));
  });

  test('of which a byte differs, or the end is missing, is refused', async () => {
    const changed = updated.slice();
    changed[10] = (changed[10] ?? 0) ^ 1;
    for (const body of [changed, updated.slice(0, -1), new Uint8Array([...updated, 10]), new Uint8Array()]) {
      await refused(tell(body, signature(updated)));
    }
  });

  test('that is not as young as its signature says is refused', async () => {
    const t = NOW_S - 400;
    await refused(tell(updated, `t=${NOW_S},v1=${mac(NEW_SECRET, updated, t)}`));
  });

  test('replayed after five minutes is refused, and so is one from the future', async () => {
    for (const t of [NOW_S - 301, NOW_S + 301]) await refused(tell(updated, signature(updated, { t })));
    for (const t of [NOW_S - 300, NOW_S + 300]) {
      expect(await tell(updated, signature(updated, { t }))).toMatchObject({ event_id: 'evt_1' });
    }
    await refused(verifyStripe(updated, signature(updated, { t: NOW_S - 11 }), [NEW_SECRET], NOW, 10));
  });

  test('that Stripe signed and nobody understands is a bad request', async () => {
    const strange = [
      bytes({}),
      bytes(null),
      bytes(event({}, { id: 'no' })),
      bytes({ ...event({}), data: null }),
      new TextEncoder().encode('{"id":'),
    ];
    for (const body of strange) await expect(tell(body)).rejects.toMatchObject({ code: 'validation' });
  });
});

describe('reading a subscription', () => {
  const subscription = {
    id: 'sub_1',
    object: 'subscription',
    status: 'active',
    livemode: false,
    cancel_at_period_end: false,
    cancel_at: null,
    canceled_at: null,
    ended_at: null,
    customer: 'cus_1',
    metadata: { user_id: '42' },
    items: {
      object: 'list',
      data: [{ id: 'si_1', current_period_end: NOW_S + 86400, price: { id: 'price_pro', product: 'prod_1' } }],
    },
  };
  const purchase = {
    platform: 'stripe',
    transaction_id: 'sub_1',
    product_id: 'price_pro',
    status: 'active',
    expires_at: '2026-06-02T12:00:00.000Z',
    auto_renew: true,
    environment: 'sandbox',
    account_ref: '42',
    customer_ref: 'cus_1',
    replaces: null,
    needs_acknowledgement: false,
    as_of: NOW,
  };
  const read = async (changes: object = {}) => {
    subscriptions.set('sub_1', { ...subscription, ...changes });
    return await client().readPurchase('sub_1', NOW);
  };

  test('makes it a purchase', async () => {
    expect(await read()).toEqual(purchase);
    expect(await read({ metadata: {}, customer: { id: 'cus_2' }, livemode: true })).toMatchObject({
      account_ref: null,
      customer_ref: 'cus_2',
      environment: 'production',
    });
  });

  test.each([
    ['incomplete', 'pending'],
    ['incomplete_expired', 'expired'],
    ['trialing', 'active'],
    ['active', 'active'],
    ['past_due', 'grace'],
    ['canceled', 'expired'],
    ['unpaid', 'expired'],
    ['paused', 'expired'],
  ])('that is %s makes it %s', async (status, expected) => {
    expect(await read({ status })).toMatchObject({ status: expected });
  });

  test.each([
    ['at the period’s end', { cancel_at_period_end: true }, '2026-06-02T12:00:00.000Z'],
    ['at some time', { cancel_at: NOW_S + 3600 }, '2026-06-01T13:00:00.000Z'],
    ['already', { status: 'canceled', ended_at: NOW_S - 3600 }, '2026-06-01T11:00:00.000Z'],
  ])('cancelled %s ends there', async (_when, changes, expires_at) => {
    expect(await read(changes)).toMatchObject({ auto_renew: false, expires_at });
  });

  test('that Stripe does not know is null, and what is no id is not asked for', async () => {
    expect(await client().readPurchase('sub_none', NOW)).toBeNull();
    const asked = server.asked.length;
    for (const id of ['', 'cus_1', 'sub_1/../../customers', 'sub_'])
      expect(await client().readPurchase(id, NOW)).toBeNull();
    expect(server.asked).toHaveLength(asked);
  });

  test('answered with anything else is an outage, not a verdict', async () => {
    await unavailable(read({ status: 'new' }), 'status');
    await unavailable(read({ items: { data: [] } }), 'items');
    await unavailable(client({ secret_key: 'rk_test_other' }).readPurchase('sub_1', NOW), '401');
    await unavailable(client({ api_url: await deadUrl() }).readPurchase('sub_1', NOW));
    for (const answer of [
      { status: 429 },
      { status: 500 },
      { text: 'oops' },
      { status: 302, headers: { location: '/' } },
    ]) {
      instead = answer;
      await unavailable(client().readPurchase('sub_1', NOW));
    }
  });
});

describe('a checkout', () => {
  const checkout: NewCheckout = {
    account_ref: '42',
    price_id: 'price_pro',
    customer_ref: null,
    email: 'ann+home@example.com',
    trial_days: 14,
    success_url: 'https://honeydue.app/thanks?s={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://honeydue.app/pro',
    idempotency_key: 'key-1',
  };

  test('is made once for a key, whoever asks how often', async () => {
    const made = await client().createCheckout(checkout);
    expect(made).toEqual({
      id: expect.stringMatching(/^cs_/),
      url: 'https://checkout.stripe.example/c/pay',
      expires_at: '2026-06-02T12:00:00.000Z',
    });
    expect(Object.fromEntries(new URLSearchParams(server.asked.at(-1)?.body))).toEqual({
      mode: 'subscription',
      'line_items[0][price]': 'price_pro',
      'line_items[0][quantity]': '1',
      client_reference_id: '42',
      'subscription_data[metadata][user_id]': '42',
      'subscription_data[trial_period_days]': '14',
      customer_email: 'ann+home@example.com',
      success_url: checkout.success_url,
      cancel_url: checkout.cancel_url,
    });
    expect(await client().createCheckout(checkout)).toEqual(made);
    await unavailable(client().createCheckout({ ...checkout, price_id: 'price_other' }), 'idempotency_error');
  });

  test('for a customer from before names them and no address', async () => {
    await client().createCheckout({ ...checkout, customer_ref: 'cus_1', trial_days: null, idempotency_key: 'key-2' });
    const form = Object.fromEntries(new URLSearchParams(server.asked.at(-1)?.body));
    expect(form).toMatchObject({ customer: 'cus_1' });
    expect(form).not.toHaveProperty('customer_email');
    expect(form).not.toHaveProperty('subscription_data[trial_period_days]');
  });

  test('that Stripe does not make is an outage', async () => {
    for (const answer of [
      { json: { id: 'cs_1', url: 'not an address', expires_at: 1 } },
      { json: { id: 'cs_1', url: null } },
      { status: 402 },
      { text: '' },
    ]) {
      instead = answer;
      await unavailable(client().createCheckout(checkout));
    }
  });
});

test('a portal is made for a customer', async () => {
  const portal = { customer_ref: 'cus_1', return_url: 'https://honeydue.app/account', idempotency_key: 'portal-1' };
  expect(await client().createPortal(portal)).toEqual({ url: 'https://billing.stripe.example/p/session' });
  const { path, body, headers } = server.asked.at(-1) ?? {};
  expect([path, headers?.['idempotency-key']]).toEqual(['/v1/billing_portal/sessions', 'portal-1']);
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ customer: 'cus_1', return_url: portal.return_url });
});

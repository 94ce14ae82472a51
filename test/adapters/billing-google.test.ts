import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { playStore } from '../../adapters/billing/google.ts';
import { type IssuerServer, startIssuer } from './issuer.ts';
import { type Answer, deadUrl, type LocalServer, startServer } from './local-server.ts';

const NOW = '2026-06-01T12:00:00.000Z';
const NOW_S = Date.parse(NOW) / 1000;
const TOKEN = 'opaque.AO-J1Ox/with a slash';
const SCOPE = 'https://www.googleapis.com/auth/androidpublisher';
const PUSH = {
  audience: 'https://api.honeydue.app/api/subscription/webhook/google/',
  email: 'push@honeydue.iam.example',
};

let google: LocalServer;
let pubsub: IssuerServer;
let private_key: string;
/** What the Play Store answers now. */
let answer: Answer;
/** Access tokens that are valid, and how many were ever made. */
let valid = new Set<string>();
let made = 0;
let account = 0;
/** Google's own clock. */
let clock = NOW;

/** Google's OAuth token endpoint, and the Android Publisher API behind it. */
beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  private_key = await exportPKCS8(pair.privateKey);
  pubsub = await startIssuer();
  google = await startServer(async ({ method, path, headers, body }) => {
    if (path === '/token') {
      const form = new URLSearchParams(body);
      const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
      const isGrant =
        method === 'POST' && isForm && form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer';
      const checks = {
        algorithms: ['RS256'],
        audience: `${google.url}/token`,
        currentDate: new Date(clock),
        maxTokenAge: '1h',
      };
      const isOurs = await jwtVerify(form.get('assertion') ?? '', pair.publicKey, checks).then(
        ({ payload }) =>
          payload.scope === SCOPE &&
          payload.iss?.startsWith('billing-') &&
          (payload.exp ?? 0) - (payload.iat ?? 0) <= 3600,
        () => false,
      );
      if (!isGrant || !isOurs)
        return { status: 400, json: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
      made += 1;
      valid.add(`ya29.${made}`);
      return { json: { access_token: `ya29.${made}`, expires_in: 3599, token_type: 'Bearer' } };
    }
    if (!valid.has(headers.authorization?.replace('Bearer ', '') ?? '')) {
      return { status: 401, json: { error: { code: 401, status: 'UNAUTHENTICATED' } } };
    }
    return answer;
  });
});
afterAll(() => Promise.all([google.close(), pubsub.close()]));
beforeEach(() => {
  account += 1; // a fresh one: access tokens are kept
  google.asked.length = 0;
  clock = NOW;
});

const store = (options: { api_url?: string; key?: string; jwks_url?: string } = {}) => {
  const { api_url = google.url, key = private_key, jwks_url = pubsub.jwks_url } = options;
  const client_email = `billing-${account}@honeydue.iam.example`;
  return playStore({
    package_name: 'app.honeydue',
    service_account: { client_email, private_key: key, token_uri: `${google.url}/token` },
    api_url,
    sender: {
      jwks_url,
      issuers: ['https://accounts.google.com', 'accounts.google.com'],
      audiences: [PUSH.audience],
      email: PUSH.email,
    },
  });
};
const bought = {
  kind: 'androidpublisher#subscriptionPurchaseV2',
  startTime: '2026-05-01T12:00:00.123Z',
  regionCode: 'US',
  subscriptionState: 'SUBSCRIPTION_STATE_ACTIVE',
  latestOrderId: 'GPA.3344-5566-7788-99001..0',
  acknowledgementState: 'ACKNOWLEDGEMENT_STATE_PENDING',
  externalAccountIdentifiers: { obfuscatedExternalAccountId: '42' },
  lineItems: [
    { productId: 'pro', expiryTime: '2026-07-01T12:00:00.123456789Z', autoRenewingPlan: { autoRenewEnabled: true } },
  ],
};
const purchase = {
  platform: 'google',
  transaction_id: TOKEN,
  product_id: 'pro',
  status: 'active',
  expires_at: '2026-07-01T12:00:00.123Z',
  auto_renew: true,
  environment: 'production',
  account_ref: '42',
  customer_ref: null,
  replaces: null,
  needs_acknowledgement: true,
  as_of: NOW,
};

async function read(subscription: object, options = {}) {
  answer = { json: { ...bought, ...subscription } };
  return await store(options).readPurchase(TOKEN, NOW);
}

describe('reading a purchase', () => {
  test('asks with the service account’s token for the package and the purchase token', async () => {
    expect(await read({})).toEqual(purchase);
    const [, asked] = google.asked;
    const path =
      '/androidpublisher/v3/applications/app.honeydue/purchases/subscriptionsv2/tokens/opaque.AO-J1Ox%2Fwith%20a%20slash';
    expect(asked).toMatchObject({ method: 'GET', path });
  });

  test.each([
    ['PENDING', 'pending', { startTime: undefined, lineItems: [{ productId: 'pro' }] }],
    ['ACTIVE', 'active', {}],
    ['PAUSED', 'expired', {}],
    ['IN_GRACE_PERIOD', 'grace', {}],
    ['ON_HOLD', 'expired', {}],
    ['CANCELED', 'active', { lineItems: [{ ...bought.lineItems[0], autoRenewingPlan: {} }] }],
    ['CANCELED', 'expired', { lineItems: [{ ...bought.lineItems[0], expiryTime: '2026-06-01T11:59:59Z' }] }],
    ['EXPIRED', 'expired', {}],
    ['PENDING_PURCHASE_CANCELED', 'expired', {}],
  ])('that is %s makes it %s', async (state, status, changes) => {
    expect(await read({ subscriptionState: `SUBSCRIPTION_STATE_${state}`, ...changes })).toMatchObject({ status });
  });

  test('says who bought it in the sandbox, what it continues, and that it is acknowledged', async () => {
    const changes = {
      testPurchase: {},
      linkedPurchaseToken: 'before',
      acknowledgementState: 'ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED',
    };
    expect(await read(changes)).toMatchObject({
      environment: 'sandbox',
      replaces: 'before',
      needs_acknowledgement: false,
    });
    const outOfAppPurchaseContext = {
      expiredPurchaseToken: 'old',
      expiredExternalAccountIdentifiers: { obfuscatedExternalAccountId: '7' },
    };
    expect(await read({ externalAccountIdentifiers: undefined, outOfAppPurchaseContext })).toMatchObject({
      account_ref: '7',
      replaces: 'old',
    });
    expect(await read({ externalAccountIdentifiers: undefined })).toMatchObject({ account_ref: null, replaces: null });
  });

  test('of several items, the one that lasts longest counts', async () => {
    const lineItems = [
      { productId: 'old', expiryTime: '2026-06-15T00:00:00Z' },
      { productId: 'new', expiryTime: '2026-08-01T00:00:00Z' },
      { productId: 'deferred' },
    ];
    expect(await read({ lineItems })).toMatchObject({ product_id: 'new', auto_renew: false });
  });

  test.each([400, 404, 410])('that Google answers with %d is null', async (status) => {
    answer = { status, json: { error: { code: status, message: 'The purchase token is no longer valid.' } } };
    expect(await store().readPurchase(TOKEN, NOW)).toBeNull();
  });

  test('that can be none is not asked for', async () => {
    for (const token of ['', 'x'.repeat(2049)]) expect(await store().readPurchase(token, NOW)).toBeNull();
    expect(google.asked).toEqual([]);
  });

  test.each([
    ['with an error', { status: 503, json: { error: { code: 503 } } }],
    ['that we may not', { status: 403, json: { error: { code: 403, status: 'PERMISSION_DENIED' } } }],
    ['in another shape', { json: { ...bought, lineItems: [] } }],
    ['in a state that nobody knows', { json: { ...bought, subscriptionState: 'SUBSCRIPTION_STATE_NEW' } }],
    ['with no JSON', { text: 'hello' }],
    ['with nothing', { text: '' }],
  ])('answered %s is an outage, not a verdict', async (_what, given) => {
    answer = given;
    await expect(store().readPurchase(TOKEN, NOW)).rejects.toMatchObject({ code: 'billing_unavailable' });
  });

  test('where nobody answers is an outage as well', async () => {
    await expect(store({ api_url: await deadUrl() }).readPurchase(TOKEN, NOW)).rejects.toMatchObject({
      code: 'billing_unavailable',
    });
  });
});

describe('the access token', () => {
  test('is made once and kept until shortly before its end', async () => {
    const before = made;
    await read({});
    await read({});
    expect(made).toBe(before + 1);
    for (const [elapsed_s, expected] of [
      [3500, before + 1],
      [3540, before + 2],
    ] as const) {
      clock = new Date((NOW_S + elapsed_s) * 1000).toISOString();
      await store().readPurchase(TOKEN, clock);
      expect(made).toBe(expected);
    }
  });

  test('that Google withdrew is made anew, once', async () => {
    await read({});
    valid = new Set();
    const before = made;
    expect(await read({})).toEqual(purchase);
    expect(made).toBe(before + 1);
    answer = { status: 401, json: { error: { code: 401 } } };
    await expect(store().readPurchase(TOKEN, NOW)).rejects.toMatchObject({ code: 'billing_unavailable' });
    expect(made).toBe(before + 2);
  });

  test('is not made for another’s key', async () => {
    const other = await generateKeyPair('RS256', { extractable: true });
    const answer = store({ key: await exportPKCS8(other.privateKey) }).readPurchase(TOKEN, NOW);
    await expect(answer).rejects.toMatchObject({
      code: 'billing_unavailable',
      cause: { message: expect.stringContaining('invalid_grant') },
    });
  });
});

describe('acknowledging', () => {
  test('tells Google, whose answer is empty', async () => {
    answer = { text: '' };
    await store().acknowledge({ transaction_id: TOKEN, product_id: 'pro' }, NOW);
    const path =
      '/androidpublisher/v3/applications/app.honeydue/purchases/subscriptions/pro/tokens/opaque.AO-J1Ox%2Fwith%20a%20slash:acknowledge';
    expect(google.asked.at(-1)).toMatchObject({ method: 'POST', path, body: '{}' });
  });

  test('in vain does not pass for done', async () => {
    answer = { status: 404, json: { error: { code: 404 } } };
    const done = store().acknowledge({ transaction_id: TOKEN, product_id: 'pro' }, NOW);
    await expect(done).rejects.toMatchObject({ code: 'billing_unavailable' });
  });
});

describe('a notification', () => {
  const claims = (changes: object = {}) => ({
    iss: 'https://accounts.google.com',
    aud: PUSH.audience,
    azp: '113774264463038321964',
    sub: '113774264463038321964',
    email: PUSH.email,
    email_verified: true,
    iat: NOW_S - 5,
    exp: NOW_S + 3595,
    ...changes,
  });
  const bytes = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));
  const body = (notification: object, message: object = {}) => {
    const whole = { version: '1.0', packageName: 'app.honeydue', eventTimeMillis: '1780315195000', ...notification };
    const data = Buffer.from(JSON.stringify(whole)).toString('base64');
    return bytes({
      message: { data, messageId: '136969346945', publishTime: NOW, ...message },
      subscription: 'projects/p/subscriptions/s',
    });
  };
  const renewed = { subscriptionNotification: { version: '1.0', notificationType: 2, purchaseToken: TOKEN } };
  const bearer = async (changes?: object) => `Bearer ${await pubsub.sign(claims(changes))}`;
  const tell = async (sent = body(renewed), authorization?: string, now = NOW) =>
    await store().verifyNotification(authorization ?? (await bearer()), sent, now);
  const unbelieved = (answer: Promise<unknown>) => expect(answer).rejects.toMatchObject({ code: 'invalid_signature' });

  test('is an event that says what to read', async () => {
    expect(await tell()).toEqual({
      provider: 'google',
      event_id: '136969346945',
      type: 'SUBSCRIPTION_RENEWED',
      transaction_id: TOKEN,
      environment: null,
      occurred_at: '2026-06-01T11:59:55.000Z',
      purchase: null,
    });
  });

  test.each([
    [
      { subscriptionNotification: { notificationType: 99, purchaseToken: 't' } },
      { type: 'SUBSCRIPTION_99', transaction_id: 't' },
    ],
    [
      { voidedPurchaseNotification: { purchaseToken: 't', orderId: 'o', productType: 1, refundType: 1 } },
      { type: 'VOIDED_PURCHASE', transaction_id: 't' },
    ],
    [
      { voidedPurchaseNotification: { purchaseToken: 't', productType: 2 } },
      { type: 'VOIDED_PURCHASE', transaction_id: null },
    ],
    [
      { oneTimeProductNotification: { notificationType: 1, purchaseToken: 't', sku: 's' } },
      { type: 'OTHER', transaction_id: null },
    ],
    [{ testNotification: { version: '1.0' } }, { type: 'TEST', transaction_id: null }],
    [{ eventTimeMillis: 1780315195000, ...renewed }, { occurred_at: '2026-06-01T11:59:55.000Z' }],
  ])('%j is known', async (notification, expected) => {
    expect(await tell(body(notification))).toMatchObject(expected);
  });

  test.each([
    ['for another address', { aud: 'https://evil.example' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of another account', { email: 'somebody@else.iam.example' }],
    ['of an address that nobody verified', { email_verified: false }],
    ['of an address verified in words', { email_verified: 'true' }],
    ['of no address', { email: undefined }],
    ['that has ended', { exp: NOW_S - 61 }],
  ])('with a token %s is refused', async (_what, changes) => {
    await unbelieved(tell(body(renewed), await bearer(changes)));
  });

  test('with no token, or somebody else’s, is refused', async () => {
    for (const authorization of ['', 'Bearer', 'Basic eDp5', 'Bearer x.y.z', (await bearer()).slice(0, -9)]) {
      await unbelieved(tell(body(renewed), authorization));
    }
    await unbelieved(store().verifyNotification(undefined, body(renewed), NOW));
    const stranger = await startIssuer();
    await unbelieved(tell(body(renewed), `Bearer ${await stranger.sign(claims())}`));
    await stranger.close();
  });

  test('delivered again after its token has ended is refused', async () => {
    const authorization = await bearer();
    expect(await tell(body(renewed), authorization)).toMatchObject({ type: 'SUBSCRIPTION_RENEWED' });
    await unbelieved(tell(body(renewed), authorization, '2026-06-01T13:01:00Z'));
  });

  test('of another app is refused', async () => {
    await unbelieved(tell(body({ packageName: 'app.another', ...renewed })));
  });

  test('cut short, or of another shape, is refused', async () => {
    const whole = body(renewed);
    const bad = [
      whole.slice(0, -30),
      new Uint8Array(),
      bytes(null),
      bytes({}),
      body(renewed, { data: '*' }),
      body(renewed, { data: 'aGVsbG8=' }),
    ];
    for (const sent of [...bad, body({ subscriptionNotification: {} }), body({ eventTimeMillis: 'soon' })])
      await unbelieved(tell(sent));
  });

  test('is not refused, but put off, while Google’s keys cannot be had', async () => {
    const answer = store({ jwks_url: await deadUrl() }).verifyNotification(await bearer(), body(renewed), NOW);
    await expect(answer).rejects.toMatchObject({ code: 'billing_unavailable' });
  });
});

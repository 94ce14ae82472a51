import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appStore } from '../../adapters/billing/apple.ts';
import { type Chain, makeChain, pem, signJws } from './certificates.ts';
import { type Answer, deadUrl, type LocalServer, startServer } from './local-server.ts';

const NOW = '2026-06-01T12:00:00.000Z';
const NOW_MS = Date.parse(NOW);
const DAY_MS = 24 * 3600 * 1000;
const ID = '2000000123';

let chain: Chain;
let server: LocalServer;
let private_key: string;
/** What the App Store knows: by path, the answer. */
let known: Record<string, Answer> = {};

/** The App Store Server API: a bearer signed with the developer's key, and problems as Apple words them. */
beforeAll(async () => {
  chain = await makeChain();
  const pair = await generateKeyPair('ES256', { extractable: true });
  private_key = await exportPKCS8(pair.privateKey);
  server = await startServer(async ({ path, headers }) => {
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    const isOurs = await jwtVerify(token, pair.publicKey, {
      algorithms: ['ES256'],
      audience: 'appstoreconnect-v1',
      issuer: 'issuer-1',
      currentDate: new Date(NOW),
      maxTokenAge: '60m',
    }).then(
      ({ payload, protectedHeader }) => payload.bid === 'app.honeydue' && protectedHeader.kid === 'KEY1',
      () => false,
    );
    if (!isOurs) return { status: 401, text: 'Unauthenticated\n\nRequest ID: X\n' };
    return known[path] ?? { status: 404, json: { errorCode: 4040010, errorMessage: 'Transaction id not found.' } };
  });
});
afterAll(() => server.close());

function store(options: { url?: string; key_id?: string } = {}) {
  const { url = server.url, key_id = 'KEY1' } = options;
  return appStore({
    bundle_id: 'app.honeydue',
    app_apple_id: null,
    environments: ['production', 'sandbox'],
    roots: [pem(chain.root)],
    api: { issuer_id: 'issuer-1', key_id, private_key, urls: { production: `${url}/p`, sandbox: `${url}/s` } },
  });
}
const read = (id = ID, environment: 'production' | 'sandbox' = 'production', options = {}) =>
  store(options).readPurchase?.(id, environment, NOW);

const payload = (changes: object = {}) => ({
  originalTransactionId: ID,
  transactionId: '2000000999',
  bundleId: 'app.honeydue',
  productId: 'pro',
  environment: 'Production',
  signedDate: NOW_MS,
  expiresDate: NOW_MS + DAY_MS,
  ...changes,
});
async function last(changes: object = {}, renewal: object = {}, by = chain) {
  const { originalTransactionId, environment } = payload(changes);
  const info = { originalTransactionId, environment, signedDate: NOW_MS, autoRenewStatus: 0, ...renewal };
  const signed = {
    signedTransactionInfo: await signJws(by, payload(changes)),
    signedRenewalInfo: await signJws(by, info),
  };
  return { originalTransactionId, status: 1, ...signed };
}
const statuses = (...lastTransactions: object[]) => ({
  json: {
    environment: 'Production',
    bundleId: 'app.honeydue',
    data: [{ subscriptionGroupIdentifier: '1', lastTransactions }],
  },
});

test('a subscription is read as it stands now, out of all that the customer has', async () => {
  known = { [`/p/inApps/v1/subscriptions/${ID}`]: statuses(await last({ originalTransactionId: '7' }), await last()) };
  expect(await read()).toMatchObject({
    transaction_id: ID,
    status: 'active',
    auto_renew: false,
    expires_at: '2026-06-02T12:00:00.000Z',
    as_of: NOW,
  });
});

test('what is no subscription is read as a transaction', async () => {
  const signedTransactionInfo = await signJws(chain, payload({ expiresDate: undefined, environment: 'Sandbox' }));
  known = { [`/s/inApps/v1/transactions/${ID}`]: { json: { signedTransactionInfo } } };
  expect(await read(ID, 'sandbox')).toMatchObject({ status: 'active', expires_at: null, environment: 'sandbox' });
  known = { ...known, [`/s/inApps/v1/subscriptions/${ID}`]: statuses() };
  expect(await read(ID, 'sandbox')).toMatchObject({ transaction_id: ID });
});

test('what the App Store does not know is null, and what cannot be an id is not asked for', async () => {
  known = {};
  expect(await read()).toBeNull();
  const asked = server.asked.length;
  for (const id of ['', '../x', '12 3', '9'.repeat(65)]) expect(await read(id)).toBeNull();
  expect(server.asked).toHaveLength(asked);
});

test('without a key of the API there is nothing to read with', () => {
  const options = { bundle_id: 'app.honeydue', app_apple_id: null, environments: [], roots: [], api: null };
  expect(appStore(options).readPurchase).toBeUndefined();
});

test.each([
  ['with an error', () => ({ status: 500, json: { errorCode: 5000001 } }), '500 (5000001)'],
  ['that it is busy', () => ({ status: 429, json: { errorCode: 4290000 } }), '429 (4290000)'],
  ['with no JSON', () => ({ text: '<html>' }), 'Is not JSON'],
  ['with another shape', () => ({ json: { data: [{}] } }), 'lastTransactions'],
  ['elsewhere', () => ({ status: 302, headers: { location: '/' } }), '302'],
  ['without end', () => ({ text: `"${'x'.repeat(600_000)}"` }), 'longer than'],
  ['signed by somebody else', async () => statuses(await last({}, {}, await makeChain())), 'no root'],
  ['about another app', async () => statuses(await last({ bundleId: 'app.another' })), 'another app'],
  [
    'about another renewal',
    async () => statuses(await last({}, { originalTransactionId: '8' })),
    'another transaction',
  ],
])('an answer %s is an outage, not a verdict', async (_what, answer, why) => {
  known = { [`/p/inApps/v1/subscriptions/${ID}`]: await answer() };
  await expect(read()).rejects.toMatchObject({
    code: 'billing_unavailable',
    details: { retry_after_s: 30 },
    cause: { message: expect.stringContaining(why) },
  });
});

test('so are a key that Apple does not take, and an address where nobody answers', async () => {
  const code = 'billing_unavailable';
  await expect(read(ID, 'production', { key_id: 'KEY2' })).rejects.toMatchObject({ code, cause: { status: 401 } });
  await expect(read(ID, 'production', { url: await deadUrl() })).rejects.toMatchObject({ code });
});

import { X509Certificate } from 'node:crypto';
import { CompactSign } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AppStoreOptions, appStore } from '../../adapters/billing/apple.ts';
import { APPLE_ROOT_CA_G3 } from '../../adapters/billing/apple-root.ts';
import {
  APP_STORE_LEAF,
  base64,
  type Chain,
  certify,
  extension,
  MAY_ISSUE,
  MAY_SIGN,
  makeChain,
  pem,
  signJws,
  x5cOf,
} from './certificates.ts';

const NOW = '2026-06-01T12:00:00.000Z';
const NOW_MS = Date.parse(NOW);
const DAY_MS = 24 * 3600 * 1000;
const ACCOUNT = '7e3fb20b-4cdb-47cc-936d-99d65f608138';

const transaction = {
  transactionId: '2000000300',
  originalTransactionId: '2000000123',
  bundleId: 'app.honeydue',
  productId: 'app.honeydue.pro.yearly',
  type: 'Auto-Renewable Subscription',
  purchaseDate: NOW_MS - 2 * DAY_MS,
  expiresDate: NOW_MS + 28 * DAY_MS,
  signedDate: NOW_MS - 5000,
  environment: 'Production',
  appAccountToken: ACCOUNT,
};
const renewal = {
  originalTransactionId: '2000000123',
  autoRenewProductId: 'app.honeydue.pro.yearly',
  autoRenewStatus: 1,
  signedDate: NOW_MS - 5000,
  environment: 'Production',
};
const purchase = {
  platform: 'apple',
  transaction_id: '2000000123',
  product_id: 'app.honeydue.pro.yearly',
  status: 'active',
  expires_at: '2026-06-29T12:00:00.000Z',
  auto_renew: null,
  environment: 'production',
  account_ref: ACCOUNT,
  customer_ref: null,
  replaces: null,
  needs_acknowledgement: false,
  as_of: '2026-06-01T11:59:55.000Z',
};

let chain: Chain;
beforeAll(async () => {
  chain = await makeChain();
});

const store = (options: Partial<AppStoreOptions> = {}) =>
  appStore({
    bundle_id: 'app.honeydue',
    app_apple_id: 6446,
    environments: ['production'],
    roots: [APPLE_ROOT_CA_G3, pem(chain.root)],
    api: null,
    ...options,
  });

const verify = (jws: string, options?: Partial<AppStoreOptions>, now = NOW) =>
  store(options).verifyTransaction(jws, now);
const refused = (answer: Promise<unknown>, why: RegExp) =>
  expect(answer).rejects.toMatchObject({ code: 'purchase_invalid', cause: { message: expect.stringMatching(why) } });

test('the root that is built in is Apple’s own', () => {
  const root = new X509Certificate(APPLE_ROOT_CA_G3);
  expect(root.fingerprint256.replaceAll(':', '')).toBe(
    '63343ABFB89A6A03EBB57E9B3F5FA7BE7C4F5C756F3017B3A8C488C3653E9179',
  );
  expect(root.verify(root.publicKey)).toBe(true);
});

describe('a transaction that a client sends', () => {
  test('is a purchase', async () => {
    expect(await verify(await signJws(chain, transaction))).toEqual(purchase);
  });

  test.each([
    ['over', { expiresDate: NOW_MS - 1 }, { status: 'expired' }],
    ['paid back', { revocationDate: NOW_MS - 1000, revocationReason: 0 }, { status: 'revoked' }],
    ['upgraded', { isUpgraded: true }, { status: 'expired' }],
    ['for ever', { expiresDate: undefined }, { status: 'active', expires_at: null }],
    ['nobody’s', { appAccountToken: undefined }, { account_ref: null }],
  ])('that is %s says so', async (_what, changes, expected) => {
    const answer = await verify(await signJws(chain, { ...transaction, ...changes }));
    expect(answer).toEqual({ ...purchase, expires_at: answer.expires_at, ...expected });
  });

  test('signed with a certificate that has ended since is as good as on its day', async () => {
    const short = await makeChain({ leaf: { validity: { to: '2026-06-02T00:00:00Z' } } }, chain.root);
    const answer = await verify(await signJws(short, transaction), {}, '2026-06-20T00:00:00Z');
    expect(answer).toMatchObject({ status: 'active', as_of: purchase.as_of });
  });

  test('of the sandbox counts only where the sandbox does', async () => {
    const jws = await signJws(chain, { ...transaction, environment: 'Sandbox' });
    await refused(verify(jws), /another environment/);
    expect(await verify(jws, { environments: ['production', 'sandbox'] })).toMatchObject({ environment: 'sandbox' });
    await refused(
      verify(await signJws(chain, { ...transaction, environment: 'Xcode' }), { environments: ['sandbox'] }),
      /environment/,
    );
  });

  test('of another app is refused', async () => {
    await refused(verify(await signJws(chain, { ...transaction, bundleId: 'app.another' })), /another app/);
  });

  test('from the future is refused', async () => {
    const ahead = (ms: number) => signJws(chain, { ...transaction, signedDate: NOW_MS + ms });
    await refused(verify(await ahead(61_000)), /future/);
    expect(await verify(await ahead(59_000))).toMatchObject({ status: 'active' });
  });

  test('without what a transaction must have is refused', async () => {
    for (const name of ['originalTransactionId', 'bundleId', 'productId', 'environment', 'signedDate']) {
      await refused(verify(await signJws(chain, { ...transaction, [name]: undefined })), new RegExp(name));
    }
  });
});

describe('a signature', () => {
  test('over something else is refused', async () => {
    const [header, , signature] = (await signJws(chain, transaction)).split('.');
    const forged = Buffer.from(JSON.stringify({ ...transaction, expiresDate: NOW_MS * 2 })).toString('base64url');
    await refused(verify(`${header}.${forged}.${signature}`), /signature/);
  });

  test('by another key than the leaf’s is refused', async () => {
    const mine = await makeChain();
    const x5c = x5cOf(chain);
    await refused(verify(await signJws(mine, transaction, { x5c })), /signature/);
  });

  test('cut short, empty or endless is refused', async () => {
    const jws = await signJws(chain, transaction);
    await refused(verify(jws.slice(0, -8)), /signature/);
    await refused(verify(jws.slice(0, jws.lastIndexOf('.'))), /./);
    for (const text of ['', '.', '..', 'x', 'a.b.c', `${jws}.`, 'null.null.null']) await refused(verify(text), /./);
    await refused(verify('x'.repeat(200_000)), /too long/);
  });

  test.each(['none', 'HS256', 'RS256', 'ES384', 'ES256K'])('by way of %s is refused', async (alg) => {
    const [, payload] = (await signJws(chain, transaction)).split('.');
    const header = Buffer.from(JSON.stringify({ alg, x5c: x5cOf(chain) })).toString('base64url');
    await refused(verify(`${header}.${payload}.`), /alg/);
    await refused(verify(`${header}.${payload}.c2lnbmF0dXJl`), /alg/);
  });

  test('made with the leaf’s public key as a secret is refused', async () => {
    const secret = Buffer.from(chain.leaf.certificate.publicKey.rawData);
    const bytes = new TextEncoder().encode(JSON.stringify(transaction));
    const jws = await new CompactSign(bytes).setProtectedHeader({ alg: 'HS256', x5c: x5cOf(chain) }).sign(secret);
    await refused(verify(jws), /alg/);
  });
});

describe('a chain', () => {
  const signedBy = async (changes: Parameters<typeof makeChain>[0]) =>
    signJws(await makeChain(changes, chain.root), transaction);

  test('to another root is refused, whatever it says its root is', async () => {
    const other = await makeChain();
    await refused(verify(await signJws(other, transaction)), /no root/);
    const x5c = [base64(other.leaf), base64(other.intermediate), base64(chain.root)];
    await refused(verify(await signJws(other, transaction, { x5c })), /no root/);
    await refused(verify(await signJws(chain, transaction), { roots: [APPLE_ROOT_CA_G3] }), /no root/);
    await refused(verify(await signJws(chain, transaction), { roots: [] }), /no root/);
  });

  test('with a leaf that its intermediate did not issue is refused', async () => {
    const other = await makeChain();
    const x5c = [base64(other.leaf), base64(chain.intermediate), base64(chain.root)];
    await refused(verify(await signJws(other, transaction, { x5c })), /leaf was not issued/);
  });

  test('in another order, shorter or longer is refused', async () => {
    const [leaf = '', intermediate = '', root = ''] = x5cOf(chain);
    for (const x5c of [
      [],
      [leaf],
      [leaf, intermediate],
      [leaf, intermediate, root, root],
      [leaf, intermediate, 'no!'],
    ]) {
      await refused(verify(await signJws(chain, transaction, { x5c })), /x5c/);
    }
    await refused(verify(await signJws(chain, transaction, { x5c: [intermediate, leaf, root] })), /no root/);
    await refused(verify(await signJws(chain, transaction, { x5c: [leaf, root, root] })), /leaf was not issued/);
    await refused(verify(await signJws(chain, transaction, { x5c: ['AAAA', intermediate, root] })), /cannot be read/);
  });

  test('without x5c, with a key of its own in its place, is refused', async () => {
    const jwk = chain.leaf.keys.publicKey && (await crypto.subtle.exportKey('jwk', chain.leaf.keys.publicKey));
    await refused(verify(await signJws(chain, transaction, { x5c: undefined, jwk } as never)), /x5c/);
  });

  test('of certificates that Apple issued for something else is refused', async () => {
    await refused(verify(await signedBy({ leaf: { marker: null } })), /leaf is not of the App Store/);
    await refused(
      verify(await signedBy({ leaf: { marker: '1.2.840.113635.100.6.11.2' } })),
      /leaf is not of the App Store/,
    );
    await refused(verify(await signedBy({ intermediate: { marker: null } })), /intermediate is not for it/);
  });

  test('is not fooled by the marker’s bytes in another place', async () => {
    const id = [0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64, 0x06, 0x0b, 0x01];
    const decoy = extension('1.2.3.4', [0x30, id.length, ...id]);
    await refused(verify(await signedBy({ leaf: { marker: null, more: [decoy] } })), /leaf is not of the App Store/);
    expect(await verify(await signedBy({ leaf: { more: [decoy] } }))).toMatchObject({ status: 'active' });
  });

  test('with a leaf of the same key but another issuer’s name is refused', async () => {
    const renamed = { ...chain.intermediate, certificate: (await certify({ name: 'Another' })).certificate };
    const odd = await certify({
      name: 'Leaf',
      issuer: renamed,
      is_authority: false,
      curve: 'P-256',
      marker: APP_STORE_LEAF,
    });
    await refused(verify(await signJws({ ...chain, leaf: odd }, transaction)), /leaf was not issued/);
  });

  test('through a certificate that may not issue any is refused', async () => {
    for (const intermediate of [{ is_authority: false, usage: MAY_ISSUE }, { usage: MAY_SIGN }]) {
      await refused(verify(await signedBy({ intermediate })), /leaf was not issued/);
    }
    // A leaf of the App Store, stolen, makes no leaf of its own.
    const child = await certify({
      name: 'Mine',
      issuer: chain.leaf,
      is_authority: false,
      curve: 'P-256',
      marker: APP_STORE_LEAF,
    });
    const stolen = { root: chain.root, intermediate: chain.leaf, leaf: child };
    await refused(verify(await signJws(stolen, transaction)), /no root/);
  });

  test.each([
    ['leaf', { leaf: { validity: { to: '2026-06-01T11:00:00Z' } } }],
    ['leaf', { leaf: { validity: { from: '2026-06-01T13:00:00Z' } } }],
    ['intermediate', { intermediate: { validity: { to: '2026-06-01T11:00:00Z' } } }],
    ['intermediate', { intermediate: { validity: { from: '2026-06-01T13:00:00Z' } } }],
  ])('whose %s was not valid at the signing is refused', async (_which, changes) => {
    await refused(verify(await signedBy(changes)), /not valid/);
  });

  test('whose root has ended is refused', async () => {
    const old = await makeChain({ root: { validity: { to: '2026-05-01T00:00:00Z' } } });
    await refused(verify(await signJws(old, transaction), { roots: [pem(old.root)] }), /not valid/);
  });

  test('whose leaf has a key of another curve signs nothing', async () => {
    const wide = await makeChain({ leaf: { curve: 'P-384' } }, chain.root);
    const [, payload] = (await signJws(chain, transaction)).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', x5c: x5cOf(wide) })).toString('base64url');
    await refused(verify(`${header}.${payload}.${Buffer.alloc(64, 1).toString('base64url')}`), /another kind/);
  });
});

describe('a notification', () => {
  const notification = (data: object = {}, more: object = {}) => ({
    notificationType: 'DID_RENEW',
    notificationUUID: '3e2a4d1c-9c1f-4a54-8a0e-0c5a52f4f4b1',
    version: '2.0',
    signedDate: NOW_MS - 4000,
    data: {
      appAppleId: 6446,
      bundleId: 'app.honeydue',
      bundleVersion: '12',
      environment: 'Production',
      status: 1,
      ...data,
    },
    ...more,
  });
  const signed = async (payload: object, by = chain) => bodyOf({ signedPayload: await signJws(by, payload) });
  const bodyOf = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));
  const inside = async (t: object = transaction, r: object = renewal, by = chain) => ({
    signedTransactionInfo: await signJws(by, t),
    signedRenewalInfo: await signJws(by, r),
  });
  const tell = (body: Uint8Array<ArrayBuffer>, options?: Partial<AppStoreOptions>, now = NOW) =>
    store(options).verifyNotification(body, now);
  const unbelieved = (answer: Promise<unknown>, why: RegExp) =>
    expect(answer).rejects.toMatchObject({ code: 'invalid_signature', cause: { message: expect.stringMatching(why) } });

  test('is an event with the purchase that it proves', async () => {
    const body = await signed(notification(await inside(), { subtype: 'BILLING_RECOVERY' }));
    expect(await tell(body)).toEqual({
      provider: 'apple',
      event_id: '3e2a4d1c-9c1f-4a54-8a0e-0c5a52f4f4b1',
      type: 'DID_RENEW.BILLING_RECOVERY',
      transaction_id: '2000000123',
      environment: 'production',
      occurred_at: '2026-06-01T11:59:56.000Z',
      purchase: { ...purchase, auto_renew: true },
    });
  });

  test.each([
    [
      'a grace period',
      { gracePeriodExpiresDate: NOW_MS + DAY_MS },
      { status: 'grace', expires_at: '2026-06-02T12:00:00.000Z' },
    ],
    ['a grace period that is over', { gracePeriodExpiresDate: NOW_MS - 1 }, { status: 'expired' }],
    [
      'nothing but retries',
      { isInBillingRetryPeriod: true, autoRenewStatus: 0 },
      { status: 'expired', auto_renew: false },
    ],
  ])('of a failed payment with %s says so', async (_what, changes, expected) => {
    const over = { ...transaction, expiresDate: NOW_MS - DAY_MS };
    const body = await signed(notification(await inside(over, { ...renewal, ...changes })));
    expect((await tell(body)).purchase).toMatchObject(expected);
  });

  test('for a test, or of no subscription, is an event without a purchase', async () => {
    const event = await tell(await signed(notification({ status: undefined }, { notificationType: 'TEST' })));
    expect(event).toMatchObject({ type: 'TEST', transaction_id: null, purchase: null });
    const { data, ...summary } = { ...notification(), summary: { ...notification().data, requestIdentifier: 'x' } };
    expect(await tell(await signed(summary))).toMatchObject({ purchase: null });
    await unbelieved(tell(await signed({ ...summary, summary: undefined })), /names no app/);
  });

  test('of another app or environment is refused', async () => {
    await unbelieved(tell(await signed(notification({ bundleId: 'app.another' }))), /another app/);
    await unbelieved(tell(await signed(notification({ appAppleId: 1 }))), /another app/);
    await unbelieved(tell(await signed(notification({ environment: 'Sandbox' }))), /another environment/);
    const foreign = await inside({ ...transaction, bundleId: 'app.another' });
    await unbelieved(tell(await signed(notification(foreign))), /another app/);
  });

  test('whose parts do not belong together, or are not Apple’s, is refused', async () => {
    const other = await makeChain();
    await unbelieved(
      tell(await signed(notification(await inside(transaction, { ...renewal, originalTransactionId: '9' })))),
      /another transaction/,
    );
    await unbelieved(
      tell(await signed(notification(await inside(transaction, { ...renewal, environment: 'Sandbox' })))),
      /another transaction/,
    );
    await unbelieved(tell(await signed(notification(await inside(transaction, renewal, other)))), /no root/);
    await unbelieved(tell(await signed(notification(await inside()), other)), /no root/);
  });

  test('replayed after a week is refused', async () => {
    const body = await signed(notification(await inside()));
    await unbelieved(tell(body, {}, '2026-06-08T12:00:00Z'), /too old/);
    expect(await tell(body, {}, '2026-06-08T11:59:00Z')).toMatchObject({ type: 'DID_RENEW' });
    await unbelieved(tell(body, {}, '2026-06-01T11:58:00Z'), /future/);
  });

  test('cut short, or no JSON, is refused', async () => {
    const body = await signed(notification(await inside()));
    for (const bad of [body.slice(0, -20), new Uint8Array(), bodyOf({}), bodyOf(null), bodyOf({ signedPayload: 7 })]) {
      await unbelieved(tell(bad), /signedPayload/);
    }
    await unbelieved(tell(bodyOf({ signedPayload: 'x' })), /./);
  });
});

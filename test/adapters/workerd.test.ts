import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { exportPKCS8, generateKeyPair } from 'jose';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { bounce, startSns, TOPIC } from '../mail/sns-stand-in.ts';
import { type Chain, makeChain, pem, signJws, x5cOf } from './certificates.ts';
import { type IssuerServer, startIssuer } from './issuer.ts';
import { type LocalServer, startServer } from './local-server.ts';

// Cryptography is where the two runtimes differ most: BoringSSL here, OpenSSL in Node.
const NOW = new Date().toISOString();
const NOW_S = Math.floor(Date.parse(NOW) / 1000);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A Worker that calls what it is told to and answers with the result, or with the code of the refusal. */
const WORKER = `
  import { remoteIdentities } from './adapters/identity.ts';
  import { appStore } from './adapters/billing/apple.ts';
  import { playStore } from './adapters/billing/google.ts';
  import { stripe } from './adapters/billing/stripe.ts';
  import { sesReports } from './adapters/ses-reports.ts';
  const calls = {
    identity: ({ issuers, provider, token, now }) => remoteIdentities(issuers)(provider, token, { now }),
    transaction: ({ options, jws, now }) => appStore(options).verifyTransaction(jws, now),
    apple: ({ options, id, now }) => appStore(options).readPurchase(id, 'production', now),
    google: ({ options, id, now }) => playStore(options).readPurchase(id, now),
    report: ({ options, body, now }) => sesReports(options).verify(new TextEncoder().encode(body), now),
    stripe: ({ options, body, header, now }) => stripe(options).verifyEvent(new TextEncoder().encode(body), header, now),
  };
  export default {
    async fetch(request) {
      const { call, input } = await request.json();
      try {
        return Response.json(await calls[call](input));
      } catch (error) {
        if (!error.code) throw error;
        return Response.json({ code: error.code, why: error.cause?.message });
      }
    },
  };
`;

let workerd: Miniflare;
let chain: Chain;
let issuer: IssuerServer;
let stores: LocalServer;
let keys: { ec: string; rsa: string };

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: WORKER, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    external: ['node:*'],
    conditions: ['workerd', 'worker', 'browser'],
  });
  const { compatibility_date, compatibility_flags } = unstable_readConfig({ config: `${ROOT}/wrangler.toml` });
  workerd = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      compatibilityDate: compatibility_date ?? '',
      compatibilityFlags: compatibility_flags,
      modules: [{ type: 'ESModule', path: 'index.js', contents: outputFiles[0]?.text ?? '' }],
    }),
  );
  chain = await makeChain({ root: wide, intermediate: wide, leaf: wide });
  issuer = await startIssuer(['RS256', 'ES256']);
  const [ec, rsa] = [
    await generateKeyPair('ES256', { extractable: true }),
    await generateKeyPair('RS256', { extractable: true }),
  ];
  keys = { ec: await exportPKCS8(ec.privateKey), rsa: await exportPKCS8(rsa.privateKey) };
  stores = await startServer(async ({ path }) => {
    if (path === '/token') return { json: { access_token: 'ya29.a', expires_in: 3599 } };
    if (path.includes('/subscriptionsv2/'))
      return { json: { subscriptionState: 'SUBSCRIPTION_STATE_ON_HOLD', lineItems: [{ productId: 'pro' }] } };
    if (path.startsWith('/inApps/v1/transactions/'))
      return { json: { signedTransactionInfo: await signJws(chain, transaction()) } };
    return { status: 404, json: { errorCode: 4040010 } };
  });
});
afterAll(() => Promise.all([workerd.dispose(), issuer.close(), stores.close()]));

/** Now, by this machine's clock: some of the checks in workerd know no other. */
const wide = {
  validity: {
    from: new Date(Date.parse(NOW) - 86_400_000).toISOString(),
    to: new Date(Date.parse(NOW) + 86_400_000).toISOString(),
  },
};
const transaction = () => ({
  originalTransactionId: '2000000123',
  bundleId: 'app.honeydue',
  productId: 'pro',
  environment: 'Production',
  signedDate: NOW_S * 1000,
});
const appleOptions = () => ({
  bundle_id: 'app.honeydue',
  app_apple_id: null,
  environments: ['production'],
  roots: [pem(chain.root)],
  api: { issuer_id: 'i', key_id: 'k', private_key: keys.ec, urls: { production: stores.url, sandbox: stores.url } },
});

async function ask(call: string, input: object): Promise<unknown> {
  const body = JSON.stringify({ call, input: { now: NOW, ...input } });
  return await (await workerd.dispatchFetch('http://worker/', { method: 'POST', body })).json();
}

describe('on workerd', () => {
  const verify = (jws: string) => ask('transaction', { options: appleOptions(), jws });

  test('what Apple signed is believed', async () => {
    expect(await verify(await signJws(chain, transaction()))).toMatchObject({
      transaction_id: '2000000123',
      status: 'active',
    });
  });

  test.each([
    ['another root', () => makeChain({ root: wide, intermediate: wide, leaf: wide }), /no root/],
    [
      'a leaf for something else',
      () => makeChain({ intermediate: wide, leaf: { ...wide, marker: null } }, chain.root),
      /not of the App Store/,
    ],
    [
      'an intermediate that may not issue',
      () => makeChain({ intermediate: { ...wide, is_authority: false }, leaf: wide }, chain.root),
      /not issued/,
    ],
    [
      'a leaf that has ended',
      () => makeChain({ intermediate: wide, leaf: { validity: { from: '2026-01-01', to: '2026-01-02' } } }, chain.root),
      /not valid/,
    ],
  ])('a chain with %s is refused', async (_what, make, why) => {
    const answer = await verify(await signJws(await make(), transaction()));
    expect(answer).toMatchObject({ code: 'purchase_invalid', why: expect.stringMatching(why) });
  });

  test('a leaf put in another’s place, and another’s signature, are refused', async () => {
    const other = await makeChain({ root: wide, intermediate: wide, leaf: wide });
    const [leaf = ''] = x5cOf(other);
    const swapped = await verify(await signJws(other, transaction(), { x5c: [leaf, ...x5cOf(chain).slice(1)] }));
    expect(swapped).toMatchObject({ code: 'purchase_invalid', why: expect.stringContaining('not issued') });
    const forged = await verify(await signJws(other, transaction(), { x5c: x5cOf(chain) }));
    expect(forged).toMatchObject({ code: 'purchase_invalid', why: expect.stringContaining('signature') });
  });

  test('the stores are asked with tokens signed there', async () => {
    expect(await ask('apple', { options: appleOptions(), id: '2000000123' })).toMatchObject({
      status: 'active',
      expires_at: null,
    });
    const service_account = {
      client_email: 'billing@honeydue.example',
      private_key: keys.rsa,
      token_uri: `${stores.url}/token`,
    };
    const options = { package_name: 'app.honeydue', service_account, api_url: stores.url, sender: {} };
    expect(await ask('google', { options, id: 'token' })).toMatchObject({ status: 'expired', transaction_id: 'token' });
    expect(stores.asked.map(({ headers }) => headers.authorization?.slice(0, 10))).toContain('Bearer ya2');
  });

  test.each(['RS256', 'ES256'] as const)(
    'an identity token signed with %s is believed, and one for others is not',
    async (alg) => {
      const mine = { jwks_url: issuer.jwks_url, issuers: ['https://appleid.apple.com'], audiences: ['app.honeydue'] };
      const claims = { iss: 'https://appleid.apple.com', aud: 'app.honeydue', sub: '1', iat: NOW_S, exp: NOW_S + 600 };
      const verify = async (changes: object = {}) =>
        ask('identity', {
          issuers: { apple: mine, google: mine },
          provider: 'apple',
          token: await issuer.sign({ ...claims, ...changes }, { alg }),
        });
      expect(await verify()).toMatchObject({ provider: 'apple', subject: '1', email: null });
      expect(await verify({ aud: 'app.another' })).toMatchObject({ code: 'invalid_credentials' });
    },
  );

  test('Stripe’s signature is believed, and no other', async () => {
    const body = JSON.stringify({
      id: 'evt_1',
      type: 'x',
      created: NOW_S,
      livemode: true,
      data: { object: { object: 'balance' } },
    });
    const mac = createHmac('sha256', 'whsec_a').update(`${NOW_S}.${body}`).digest('hex');
    const tell = (webhook_secrets: string[]) =>
      ask('stripe', { options: { webhook_secrets }, body, header: `t=${NOW_S},v1=${mac}` });
    expect(await tell(['whsec_b', 'whsec_a'])).toMatchObject({ event_id: 'evt_1' });
    expect(await tell(['whsec_b'])).toMatchObject({ code: 'invalid_signature' });
  });

  test.each(['1', '2'] as const)('what SNS signed by version %s is believed, and nothing else', async (version) => {
    const sns = await startSns(NOW);
    const tell = (message: object) =>
      ask('report', { options: { topics: [TOPIC], endpoint: sns.url }, body: JSON.stringify(message) });
    const signed = sns.signed(sns.notification(bounce('ann@example.com')), { version });
    expect(await tell(signed)).toMatchObject({ kind: 'refusal', event_id: signed.MessageId });
    expect(await tell({ ...signed, MessageId: 'another' })).toMatchObject({ code: 'invalid_signature' });
    await sns.close();
  });
});

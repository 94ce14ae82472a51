import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { remoteIdentities } from '../../adapters/identity.ts';
import type { AppError } from '../../domain/errors.ts';
import type { IdentityProvider } from '../../domain/identity.ts';
import { type IssuerServer, startIssuer } from './issuer.ts';
import { deadUrl } from './local-server.ts';

const NOW = '2026-06-01T12:00:00.000Z';
const NOW_S = Date.parse(NOW) / 1000;
const APPLE = { issuers: ['https://appleid.apple.com'], audiences: ['app.honeydue', 'app.honeydue.web'] };
const GOOGLE = { issuers: ['https://accounts.google.com', 'accounts.google.com'], audiences: ['ios.apps.example'] };
const ANN = { sub: '001234.ab', email: 'ann@example.com', email_verified: true };

let apple: IssuerServer;
let google: IssuerServer;

beforeAll(async () => {
  apple = await startIssuer(['RS256', 'ES256']);
  google = await startIssuer(['RS256', 'ES256']);
});
afterAll(() => Promise.all([apple.close(), google.close()]));

// jose keeps and refreshes keys by the clock.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(NOW) });
});
afterEach(() => {
  vi.useRealTimers();
});

const times = { iat: NOW_S - 10, exp: NOW_S + 600 };
const applesClaims = (claims: JWTPayload = {}) => ({
  iss: APPLE.issuers[0],
  aud: APPLE.audiences[0],
  ...times,
  ...ANN,
  ...claims,
});
const googlesClaims = (claims: JWTPayload = {}) => ({
  iss: GOOGLE.issuers[0],
  aud: GOOGLE.audiences[0],
  ...times,
  ...ANN,
  ...claims,
});

function verify(provider: IdentityProvider, token: string, nonce?: string, now = NOW) {
  const identities = remoteIdentities({
    apple: { ...APPLE, jwks_url: apple.jwks_url },
    google: { ...GOOGLE, jwks_url: google.jwks_url },
  });
  return identities(provider, token, { now, nonce });
}

const invalid = expect.objectContaining({ code: 'invalid_credentials' });
const refused = (answer: Promise<unknown>) => expect(answer).rejects.toEqual(invalid);

test('Google’s token names somebody', async () => {
  const token = await google.sign(googlesClaims({ given_name: 'Ann', family_name: ' Lee ', picture: 'https://x' }));
  const names = { first_name: 'Ann', last_name: 'Lee' };
  const { email, email_verified } = ANN;
  expect(await verify('google', token)).toEqual({
    provider: 'google',
    subject: ANN.sub,
    email,
    email_verified,
    ...names,
  });
});

test.each(['RS256', 'ES256'] as const)('Apple may sign with %s', async (alg) => {
  const token = await apple.sign(applesClaims({ aud: APPLE.audiences[1] }), { alg });
  expect(await verify('apple', token)).toEqual({
    provider: 'apple',
    subject: ANN.sub,
    email: ANN.email,
    email_verified: true,
  });
});

test.each([
  ['true', true],
  ['false', false],
  [false, false],
  [undefined, false],
])('Apple’s email_verified %j is %j', async (email_verified, expected) => {
  expect(await verify('apple', await apple.sign(applesClaims({ email_verified })))).toMatchObject({
    email_verified: expected,
  });
});

test('an account without an address is known by its subject, and no address is verified', async () => {
  const token = await apple.sign(applesClaims({ email: undefined }));
  expect(await verify('apple', token)).toMatchObject({ subject: ANN.sub, email: null, email_verified: false });
});

test('a name that cannot be stored is left out', async () => {
  const identity = await verify(
    'google',
    await google.sign(googlesClaims({ given_name: 'a\0b', family_name: 'x'.repeat(151) })),
  );
  expect(Object.keys(identity)).toEqual(['provider', 'subject', 'email', 'email_verified']);
});

test('the nonce is the client’s own, or its SHA-256 in hex', async () => {
  const nonce = 'n-0S6_WzA2Mj';
  const hashed = createHash('sha256').update(nonce).digest('hex');
  for (const claimed of [nonce, hashed]) {
    expect(await verify('apple', await apple.sign(applesClaims({ nonce: claimed })), nonce)).toMatchObject({
      subject: ANN.sub,
    });
  }
  expect(await verify('apple', await apple.sign(applesClaims({ nonce: 'the library’s' })))).toMatchObject({
    subject: ANN.sub,
  });
});

test.each([['another'], [undefined], ['']])('a token with the nonce %j is refused to who sent one', async (claimed) => {
  await refused(verify('apple', await apple.sign(applesClaims({ nonce: claimed })), 'n-0S6_WzA2Mj'));
});

test.each([
  ['expired', { exp: NOW_S - 61 }],
  ['of another issuer', { iss: 'https://evil.example' }],
  ['for somebody else', { aud: 'another.app' }],
  ['for nobody', { aud: undefined }],
  ['of nobody', { sub: undefined }],
  ['of an empty subject', { sub: '' }],
  ['without an end', { exp: undefined }],
  ['without a beginning', { iat: undefined }],
  ['not valid yet', { nbf: NOW_S + 61 }],
  ['of an address that is none', { email: 'ann' }],
  ['of a strange email_verified', { email_verified: 'yes' }],
])('a token %s is refused', async (_what, claims) => {
  await refused(verify('google', await google.sign(googlesClaims(claims))));
});

test('a minute’s difference between clocks is forgiven', async () => {
  const token = await google.sign(googlesClaims({ exp: NOW_S - 59, nbf: NOW_S + 59 }));
  expect(await verify('google', token)).toMatchObject({ subject: ANN.sub });
});

test('without an audience of ours no token is good enough', async () => {
  const identities = remoteIdentities({
    apple: { ...APPLE, jwks_url: apple.jwks_url },
    google: { ...GOOGLE, audiences: [], jwks_url: google.jwks_url },
  });
  await refused(identities('google', await google.sign(googlesClaims()), { now: NOW }));
});

test('one provider’s token is no good for the other', async () => {
  await refused(verify('google', await apple.sign(applesClaims())));
  await refused(verify('google', await apple.sign(googlesClaims())));
});

test('Google does not sign with ES256, whatever its key set holds', async () => {
  await refused(verify('google', await google.sign(googlesClaims(), { alg: 'ES256' })));
});

test('a token signed with nothing, with the public key as a secret, or with a key of its own is refused', async () => {
  await refused(verify('apple', new UnsecuredJWT(applesClaims()).encode()));
  const publicKey = apple.publicKey();
  for (const secret of [publicKey?.n ?? '', JSON.stringify(publicKey)]) {
    const confused = new SignJWT(applesClaims()).setProtectedHeader({ alg: 'HS256', kid: publicKey?.kid ?? '' });
    await refused(verify('apple', await confused.sign(new TextEncoder().encode(secret))));
  }
  const mine = await generateKeyPair('RS256', { extractable: true });
  await refused(verify('apple', await apple.sign(applesClaims(), { key: mine.privateKey })));
  const jwk = { kty: 'RSA', ...(await crypto.subtle.exportKey('jwk', mine.publicKey)) };
  await refused(
    verify('apple', await apple.sign(applesClaims(), { key: mine.privateKey, header: { jwk, kid: undefined } })),
  );
});

test('a token cut short, or changed, is refused', async () => {
  const token = await google.sign(googlesClaims());
  const [header, , signature] = token.split('.');
  const other = Buffer.from(JSON.stringify(googlesClaims({ sub: 'somebody else' }))).toString('base64url');
  for (const bad of [token.slice(0, -10), `${header}.${other}.${signature}`, `${token}.`, '', 'x'.repeat(100_000)]) {
    await refused(verify('google', bad));
  }
});

test('no token whatever makes more than a refusal', async () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = fc.record(
    {
      alg: fc.oneof(fc.constantFrom('RS256', 'ES256'), fc.jsonValue()),
      kid: fc.jsonValue(),
      crit: fc.jsonValue(),
      b64: fc.jsonValue(),
      typ: fc.jsonValue(),
      jwk: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const token = fc.oneof(
    fc.string(),
    fc.tuple(header, fc.jsonValue(), fc.base64String()).map(([h, p, s]) => `${part(h)}.${part(p)}.${s}`),
  );
  await fc.assert(
    fc.asyncProperty(token, async (token) => {
      await refused(verify('apple', token));
    }),
    { numRuns: 200 },
  );
});

test('new keys are fetched when a token names one; the old ones no longer count', async () => {
  const before = await google.sign(googlesClaims());
  await verify('google', before);
  const asked = google.asked();
  await verify('google', before);
  expect(google.asked()).toBe(asked);

  await google.rotate();
  vi.setSystemTime(Date.parse(NOW) + 31_000);
  expect(await verify('google', await google.sign(googlesClaims()))).toMatchObject({ subject: ANN.sub });
  expect(google.asked()).toBe(asked + 1);
  await refused(verify('google', before));
});

test('an unknown key is asked for once, not with every token', async () => {
  await verify('google', await google.sign(googlesClaims()));
  vi.setSystemTime(Date.parse(NOW) + 120_000);
  const asked = google.asked();
  for (const kid of ['made-up-1', 'made-up-2', 'made-up-3']) {
    await refused(verify('google', await google.sign(googlesClaims(), { header: { kid } })));
  }
  expect(google.asked()).toBe(asked + 1);
});

test.each([
  ['an error', { status: 500, json: { keys: [] } }],
  ['a redirect', { status: 302, headers: { location: 'https://example.com/keys' }, text: '' }],
  ['no JSON', { text: '<html>' }],
  ['no keys', { json: { hello: true } }],
  ['far too much', { text: `{"keys":[],"x":"${'x'.repeat(70_000)}"}` }],
  ['nothing in time', { hang: 'at once' }],
] as const)('while the issuer answers with %s, nobody is told that the token is bad', async (_what, answer) => {
  const issuer = await startIssuer();
  const ask = async () => {
    const identities = remoteIdentities({
      apple: { ...APPLE, jwks_url: issuer.jwks_url },
      google: { ...GOOGLE, jwks_url: issuer.jwks_url },
    });
    return await identities('google', await issuer.sign(googlesClaims()), { now: NOW });
  };
  issuer.fail(answer);
  const failure: AppError = await ask().then(
    () => expect.unreachable(),
    (error) => error,
  );
  expect(failure).toMatchObject({ code: 'identity_unavailable', details: { retry_after_s: expect.any(Number) } });
  issuer.fail();
  expect(await ask()).toMatchObject({ subject: ANN.sub });
  await issuer.close();
});

test('the same if nobody answers there at all', async () => {
  const jwks_url = await deadUrl();
  const identities = remoteIdentities({ apple: { ...APPLE, jwks_url }, google: { ...GOOGLE, jwks_url } });
  const answer = identities('google', await google.sign(googlesClaims()), { now: NOW });
  await expect(answer).rejects.toMatchObject({ code: 'identity_unavailable' });
});

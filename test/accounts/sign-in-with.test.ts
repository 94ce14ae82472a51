import type { JWTPayload } from 'jose';
import { expect } from 'vitest';
import { outsidePorts } from '../../adapters/outside.ts';
import type { IdentityProvider } from '../../domain/identity.ts';
import { B2, SES } from '../environment.ts';
import { NOW, test, type World } from '../home.ts';
import { identityToken } from '../identities.ts';
import { race } from '../race.ts';
import { login, mailed, PASSWORD, register, registerVerified, said } from './somebody.ts';

const ANN = { sub: 'ann-at-apple', email: 'ann@example.com' };

async function signIn(world: World, provider: IdentityProvider, claims: JWTPayload = ANN, more: object = {}) {
  const identity_token = await identityToken(provider, NOW, claims);
  return await world.send('POST', `/api/auth/${provider}-sign-in/`, null, { identity_token, ...more });
}

const users = (world: World) => world.rows('select id::int, username, email from auth_user order by id');
const linked = (world: World) =>
  world.rows('select user_id::int, provider, subject from user_socialaccount order by id');

test('the first sign-in makes an account with a free username; the next finds it by its subject', async ({ world }) => {
  const more = { first_name: 'Ann', last_name: 'Lee', device_name: 'Ann’s phone' };
  const first = await signIn(world, 'apple', ANN, more);
  expect([first.status, first.headers.get('cache-control')]).toEqual([201, 'no-store']);
  expect(first.body).toMatchObject({
    token: expect.stringMatching(/^hd_/),
    user: { username: 'ann', email: ANN.email, first_name: 'Ann', last_name: 'Lee', is_verified: true },
  });
  const moved = await signIn(world, 'apple', { sub: ANN.sub, email: 'other@example.com' });
  expect([moved.status, moved.body.user]).toEqual([200, first.body.user]);
  const silent = await signIn(world, 'apple', { sub: ANN.sub });
  expect([silent.status, silent.body.user.id]).toEqual([200, first.body.user.id]);
  expect(await linked(world)).toEqual([{ user_id: first.body.user.id, provider: 'apple', subject: ANN.sub }]);
  expect(await mailed(world)).toEqual([]);
  const devices = await world.rows('select device_name from user_authtoken order by id limit 1');
  expect(devices).toEqual([{ device_name: 'Ann’s phone' }]);
});

test('nobody signs in with a password to an account that has none', async ({ world }) => {
  await signIn(world, 'google');
  for (const password of ['!', '', PASSWORD]) {
    expect((await login(world, 'ann', password)).status).not.toBe(200);
  }
});

test('a username that is taken gives way to one with a number, a short address to a longer name', async ({ world }) => {
  await registerVerified(world, 'ann');
  await world.rows(`update auth_user set email = 'elsewhere@example.com'`);
  expect((await signIn(world, 'google')).body.user.username).toMatch(/^ann\d{4,12}$/);
  const short = await signIn(world, 'google', { sub: 'short', email: 'al+home@example.com' });
  expect(short.body.user.username).toMatch(/^al\d{4,12}$/);
});

test('an account whose address is proven here and there is linked, and its owner told', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const answer = await signIn(world, 'google');
  expect([answer.status, answer.body.user.id]).toEqual([200, ann.user_id]);
  expect(await mailed(world)).toMatchObject([
    {
      to: ann.email,
      subject: 'Google can now sign in to your honeyDue account',
      text: expect.stringContaining('“ann”'),
    },
  ]);
  expect((await login(world, 'ann', PASSWORD)).status).toBe(200);
  expect((await world.send('GET', '/api/auth/me/', ann)).status).toBe(200);
  expect((await signIn(world, 'apple', { ...ANN, sub: 'again' })).body.user.id).toBe(ann.user_id);
  expect(await linked(world)).toHaveLength(2);
});

test('an account that a stranger registered with the address passes to its owner, and the stranger is out', async ({
  world,
}) => {
  const stranger = await register(world, 'ann');
  await world.rows(`insert into user_socialaccount (user_id, provider, subject) values ($1, 'google', 'stranger')`, [
    stranger.user_id,
  ]);
  await world.rows(`insert into calendar_feed (user_id, nonce) values ($1, 'stranger')`, [stranger.user_id]);
  await world.rows(
    `insert into notifications_device (user_id, platform, token, environment) values ($1, 'ios', 'stranger', 'production')`,
    [stranger.user_id],
  );
  const answer = await signIn(world, 'google');
  expect([answer.status, answer.body.user]).toMatchObject([200, { id: stranger.user_id, is_verified: true }]);
  expect((await world.send('GET', '/api/auth/me/', stranger)).status).toBe(401);
  expect((await login(world, 'ann', PASSWORD)).status).toBe(401);
  expect(await linked(world)).toEqual([{ user_id: stranger.user_id, provider: 'google', subject: ANN.sub }]);
  for (const table of ['calendar_feed', 'notifications_device', 'user_confirmationcode']) {
    expect(await world.rows(`select from ${table}`), table).toEqual([]);
  }
  const owner = { ...stranger, token: answer.body.token };
  expect((await world.send('GET', '/api/auth/me/', owner)).body.username).toBe('ann');
});

test.for([
  ['an address that Google has not verified', { sub: 'x', email: 'ann@example.com', email_verified: false }],
  ['no address', { sub: 'x' }],
] as const)('%s opens no account and makes none', async ([, claims], { world }) => {
  await registerVerified(world, 'ann');
  const refused = await signIn(world, 'google', claims);
  expect(said(refused)).toMatchObject({ status: 400, code: 'identity_without_email' });
  expect(await users(world)).toHaveLength(1);
  expect(await linked(world)).toEqual([]);
});

/** So many at once, each with a token of its own. */
async function atOnce(world: World, claims: JWTPayload[]) {
  const tokens = await Promise.all(claims.map((claim) => identityToken('apple', NOW, claim)));
  return await race(
    world,
    tokens.map((identity_token) => ['POST', '/api/auth/apple-sign-in/', null, { identity_token }]),
  );
}

test('three first sign-ins at once are one account', async ({ world }) => {
  const answers = await atOnce(world, [ANN, ANN, ANN]);
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 200]);
  expect(new Set(answers.map(({ body }) => body.user.id)).size).toBe(1);
  expect(await users(world)).toHaveLength(1);
  expect(await linked(world)).toHaveLength(1);
});

test('three people at once whose addresses begin alike get a username each', async ({ world }) => {
  const answers = await atOnce(
    world,
    [1, 2, 3].map((n) => ({ sub: `sub-${n}`, email: `ann@${n}.example.com` })),
  );
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(new Set(answers.map(({ body }) => body.user.username)).size).toBe(3);
});

test('three links at once are one link', async ({ world }) => {
  await registerVerified(world, 'ann');
  const answers = await atOnce(world, [ANN, ANN, ANN]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await linked(world)).toHaveLength(1);
});

test('an account that is proven between the look and the link is not taken from whoever proved it', async ({
  world,
}) => {
  const ann = await register(world, 'ann');
  const [mail] = await mailed(world);
  const identity_token = await identityToken('apple', NOW, ANN);
  const [proven, signedIn] = await race(world, [
    ['POST', '/api/auth/verify-email/', ann, { code: mail?.subject.slice(0, 6) }],
    ['POST', '/api/auth/apple-sign-in/', null, { identity_token }],
  ]);
  expect([proven?.status, signedIn?.status]).toEqual([200, 200]);
  expect((await world.send('GET', '/api/auth/me/', ann)).status).toBe(200);
  expect((await login(world, 'ann', PASSWORD)).status).toBe(200);
});

test('a token that is not believed, or carries another nonce, is refused without a trip', async ({ world }) => {
  const token = await identityToken('apple', NOW, { ...ANN, nonce: 'one' });
  const before = world.trips.length;
  for (const input of [
    { identity_token: token, nonce: 'two' },
    { identity_token: `${token.slice(0, -8)}AAAAAAAA` },
    { identity_token: 'nonsense' },
  ]) {
    const refused = await world.send('POST', '/api/auth/apple-sign-in/', null, input);
    expect(said(refused)).toMatchObject({ status: 401, code: 'invalid_credentials' });
  }
  expect((await world.send('POST', '/api/auth/google-sign-in/', null, { identity_token: token })).status).toBe(401);
  expect(world.trips.length).toBe(before);
  const right = await world.send('POST', '/api/auth/apple-sign-in/', null, { identity_token: token, nonce: 'one' });
  expect(right.status).toBe(201);
});

test('a deleted account is signed in to by nobody, nor made anew', async ({ world }) => {
  await signIn(world, 'google');
  await world.rows('update auth_user set deleted_at = now()');
  expect((await signIn(world, 'google')).status).toBe(401);
  expect((await signIn(world, 'apple', { ...ANN, sub: 'another' })).status).toBe(401);
  expect(await users(world)).toHaveLength(1);
});

test('where no apps are named, signing in that way is not possible', async ({ world }) => {
  const { verifyIdentity } = outsidePorts(
    { ...SES, ...B2, APPLE_CLIENT_IDS: '' },
    { ...world.ports, ios: world.ports.push, smtp: null },
  );
  for (const provider of ['apple', 'google'] as const) {
    const identity_token = await identityToken(provider, NOW, ANN);
    const answer = await world.send(
      'POST',
      `/api/auth/${provider}-sign-in/`,
      null,
      { identity_token },
      { ports: { verifyIdentity } },
    );
    expect(said(answer)).toMatchObject({ status: 503, code: 'identity_unavailable' });
  }
});

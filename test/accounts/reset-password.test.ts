import { expect } from 'vitest';
import { type CodePurpose, codeOf } from '../../domain/code.ts';
import { test, type World } from '../home.ts';
import { race } from '../race.ts';
import {
  counting,
  from,
  login,
  mailed,
  mailedCode,
  NEW_PASSWORD,
  PASSWORD,
  register,
  registerVerified,
  said,
  wrong,
} from './somebody.ts';

const post = (world: World, path: string, input: object, more = {}) =>
  world.send('POST', `/api/auth/${path}/`, null, input, more);
const forgot = (world: World, email: string, address?: string) =>
  post(world, 'forgot-password', { email }, address ? from(address) : {});
const check = (world: World, email: string, code: string, address?: string) =>
  post(world, 'verify-reset-code', { email, code }, address ? from(address) : {});
const reset = (world: World, email: string, code: string, more = {}) =>
  post(world, 'reset-password', { email, code, new_password: NEW_PASSWORD }, more);
const invalid = { status: 400, code: 'code_invalid' };

test('a forgotten password is replaced by a code from the mail; all sessions end', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  expect((await forgot(world, 'ANN@example.com')).status).toBe(200);
  const [mail] = await mailed(world);
  expect(mail).toMatchObject({
    to: ann.email,
    subject: expect.stringMatching(/^\d{6} resets your honeyDue password$/),
  });
  const code = mail?.subject.slice(0, 6) ?? '';

  const valid = await check(world, ann.email, code);
  expect([valid.status, valid.body, valid.headers.get('cache-control')]).toEqual([200, { valid: true }, 'no-store']);
  expect((await reset(world, ann.email, code)).status).toBe(200);
  expect((await world.send('GET', '/api/auth/me/', ann)).status).toBe(401);
  expect((await login(world, 'ann', PASSWORD)).status).toBe(401);
  expect((await login(world, 'ann', NEW_PASSWORD)).status).toBe(200);
  expect(await mailed(world)).toMatchObject([{ to: ann.email, subject: 'Your honeyDue password was changed' }]);
  expect(said(await reset(world, ann.email, code))).toMatchObject(invalid);
  expect(said(await check(world, ann.email, code))).toMatchObject(invalid);
});

test('whether there is an account shows in no answer, trip or hash', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const gone = await registerVerified(world, 'gone');
  await world.rows('update auth_user set deleted_at = now() where id = $1', [gone.user_id]);

  const asked: object[] = [];
  for (const email of [ann.email, 'nobody@example.com', gone.email]) {
    const before = world.trips.length;
    asked.push({ ...(await forgot(world, email)).body, trips: world.trips.length - before });
  }
  expect(asked).toEqual([asked[0], asked[0], asked[0]]);
  expect(asked[0]).toMatchObject({ trips: 1, message: expect.stringContaining('If there is an account') });
  expect(await mailed(world)).toMatchObject([{ to: ann.email }]);

  await forgot(world, ann.email);
  const right = await mailedCode(world);
  const { counted, passwords } = counting(world.ports.passwords);
  const guessed: object[] = [];
  for (const email of [ann.email, 'nobody@example.com', gone.email]) {
    for (const path of ['verify-reset-code', 'reset-password']) {
      const before = world.trips.length;
      counted.hashes = 0;
      const input = { email, code: wrong(right), new_password: NEW_PASSWORD };
      const answer = await post(world, path, input, { ports: { passwords, address: `192.0.2.${guessed.length}` } });
      guessed.push({ ...said(answer), trips: world.trips.length - before, ...counted });
    }
  }
  expect(guessed).toEqual(guessed.map(() => guessed[0]));
  expect(guessed[0]).toMatchObject({ ...invalid, trips: 1, hashes: 0 });
});

test('of three resets at once one succeeds, with its own password', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  await forgot(world, ann.email);
  const input = { email: ann.email, code: await mailedCode(world) };
  const passwords = [1, 2, 3].map((n) => `staple battery ${n}`);
  const answers = await race(
    world,
    passwords.map((new_password) => ['POST', '/api/auth/reset-password/', null, { ...input, new_password }]),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 400]);
  expect((await login(world, 'ann', passwords[0] ?? '')).status).toBe(200);
});

test('checking a code counts as a try: a sixth is too many', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  await forgot(world, ann.email);
  const code = await mailedCode(world);
  for (let n = 0; n < 4; n += 1) expect((await check(world, ann.email, wrong(code), '192.0.2.1')).status).toBe(400);
  expect((await check(world, ann.email, code, '192.0.2.1')).status).toBe(200);
  expect(said(await reset(world, ann.email, code))).toMatchObject(invalid);
});

test('an expired code is wrong; five codes an hour are mailed and a sixth is not, though the answer is the same', async ({
  world,
}) => {
  const ann = await registerVerified(world, 'ann');
  const answers: object[] = [];
  for (let n = 0; n < 7; n += 1) {
    answers.push(said(await forgot(world, ann.email, `192.0.2.${n}`)));
    await world.rows(`update user_confirmationcode set created_at = created_at - interval '1 second'`);
  }
  expect(answers).toEqual(answers.map(() => answers[0]));
  expect(
    await world.rows(`select count(*)::int n from outbox where event ->> 'type' = 'user.reset_requested'`),
  ).toEqual([{ n: 5 }]);
  const code = await lastCode(world, ann.user_id, 'reset_password');
  await world.rows(`update user_confirmationcode set expires_at = now() - interval '1 second'`);
  expect(said(await reset(world, ann.email, code))).toMatchObject(invalid);
});

test('a sixth address may not guess; the one that the owner is signed in from may', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  await forgot(world, ann.email);
  const code = await mailedCode(world);
  for (let n = 1; n <= 5; n += 1) await check(world, ann.email, wrong(code), `203.0.113.${n}`);
  await world.rows('update user_confirmationcode set tries = 0');
  expect((await check(world, ann.email, code, '203.0.113.6')).status).toBe(429);
  expect(await world.rows('select tries from user_confirmationcode')).toEqual([{ tries: 0 }]);
  expect((await reset(world, ann.email, code, from('198.51.100.1'))).status).toBe(200);
  expect((await check(world, 'nobody@example.com', code, '203.0.113.6')).status).toBe(400);
});

test('a reset proves the address: whoever had registered it before has no way in left', async ({ world }) => {
  const squatter = await register(world, 'ann');
  await mailed(world);
  const home = (await world.send('POST', '/api/residences/', squatter, { name: 'Oak' })).body;
  await world.rows(`insert into user_socialaccount (user_id, provider, subject) values ($1, 'google', 'squatter')`, [
    squatter.user_id,
  ]);
  await world.rows(`insert into calendar_feed (user_id, nonce) values ($1, 'squatter')`, [squatter.user_id]);
  await world.rows(
    `insert into notifications_device (user_id, platform, token, environment) values ($1, 'ios', 'squatter', 'production')`,
    [squatter.user_id],
  );

  world.rung.length = 0;
  await forgot(world, squatter.email);
  expect((await reset(world, squatter.email, await mailedCode(world))).status).toBe(200);
  const signedIn = await login(world, 'ann', NEW_PASSWORD);
  expect(signedIn.body.user).toMatchObject({ id: squatter.user_id, is_verified: true });
  for (const table of ['user_socialaccount', 'calendar_feed', 'notifications_device', 'user_confirmationcode']) {
    expect(await world.rows(`select from ${table}`), table).toEqual([]);
  }
  expect((await world.send('GET', `/api/residences/${home.id}/`, squatter)).status).toBe(401);
});

test('a reset of an address that was proven keeps what is linked to the account', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  await world.rows(`insert into user_socialaccount (user_id, provider, subject) values ($1, 'apple', 'ann')`, [
    ann.user_id,
  ]);
  await forgot(world, ann.email);
  expect((await reset(world, ann.email, await mailedCode(world))).status).toBe(200);
  expect(await world.rows('select subject from user_socialaccount')).toEqual([{ subject: 'ann' }]);
});

test('an address that asks for too many codes is told to wait, whoever it asks for', async ({ world }) => {
  const answers = await Promise.all(Array.from({ length: 25 }, () => forgot(world, 'nobody@example.com')));
  const limited = answers.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThanOrEqual(5);
  expect(limited.length).toBeLessThanOrEqual(15);
  expect(await world.rows('select from outbox')).toEqual([]);
});

/** The code of the row that is kept, as its mail would have it. */
async function lastCode(world: World, user_id: number, purpose: CodePurpose): Promise<string> {
  const [{ nonce }] = await world.rows('select nonce from user_confirmationcode where purpose = $1', [purpose]);
  return await codeOf({ user_id, purpose, nonce }, world.ports.settings.signing_keys[0]);
}

import { expect } from 'vitest';
import { test, type World } from '../home.ts';
import { login, mailed, mailedCode, NEW_PASSWORD, PASSWORD, registerVerified, type Somebody } from './somebody.ts';

const change = (world: World, by: Somebody, current_password = PASSWORD, more = {}) =>
  world.send('POST', '/api/auth/change-password/', by, { current_password, new_password: NEW_PASSWORD }, more);

test('a new password ends the other sessions, and its owner is told', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const other = { ...ann, token: (await login(world, 'ann', PASSWORD)).body.token };
  world.rung.length = 0;
  const changed = await change(world, ann);
  expect([changed.status, changed.body.username]).toEqual([200, 'ann']);
  expect((await world.send('GET', '/api/auth/me/', ann)).status).toBe(200);
  expect((await world.send('GET', '/api/auth/me/', other)).status).toBe(401);
  expect((await login(world, 'ann', PASSWORD)).status).toBe(401);
  expect((await login(world, 'ann', NEW_PASSWORD)).status).toBe(200);
  const [told] = await mailed(world);
  expect(told).toMatchObject({ to: ann.email, subject: 'Your honeyDue password was changed' });
});

test('a wrong password is a wrong field and not a lost session', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const refused = await change(world, ann, 'wrong wrong');
  expect([refused.status, refused.body.code, Object.keys(refused.body.fields)]).toEqual([
    400,
    'validation',
    ['current_password'],
  ]);
  const input = { current_password: PASSWORD, new_password: 'password' };
  const common = await world.send('POST', '/api/auth/change-password/', ann, input);
  expect([common.status, Object.keys(common.body.fields)]).toEqual([400, ['new_password']]);
});

test('whoever has no password has none that is right', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  await world.rows(`update auth_user set password_hash = '!'`);
  expect((await change(world, ann, '!')).status).toBe(400);
});

test('whoever has stolen a session does not guess the password from many addresses', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const guess = (n: number) => change(world, ann, `wrong ${n}`, { ports: { address: `203.0.113.${n}` } });
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => guess(n)));
  // Ten, if the quarter of an hour ends within the test.
  expect([5, 10]).toContain(answers.filter(({ status }) => status === 400).length);
});

test('its replay is answered like the first, and what is kept of it cannot be guessed from', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const keyed = { headers: { 'idempotency-key': 'k' } };
  const first = await change(world, ann, PASSWORD, keyed);
  const again = await change(world, ann, PASSWORD, keyed);
  expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([200, first.text, 'true']);
  expect((await change(world, ann, 'another horse', keyed)).body.code).toBe('idempotency_key_reused');

  const body = JSON.stringify({ current_password: PASSWORD, new_password: NEW_PASSWORD });
  const bytes = new TextEncoder().encode(`POST /api/auth/change-password\n${body}`);
  const plain = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  const [{ fingerprint }] = await world.rows('select fingerprint from idempotency_key');
  expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(fingerprint).not.toBe(plain);
});

test('a code to reset the old password is good no more', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  await world.send('POST', '/api/auth/forgot-password/', null, { email: ann.email });
  const code = await mailedCode(world);
  await change(world, ann);
  const input = { email: ann.email, code, new_password: 'yet another 9' };
  expect((await world.send('POST', '/api/auth/reset-password/', null, input)).body.code).toBe('code_invalid');
});

import { expect } from 'vitest';
import { MailError } from '../../domain/mail.ts';
import { test, type World } from '../home.ts';
import {
  login,
  mailed,
  mailedCode,
  NEW_PASSWORD,
  PASSWORD,
  register,
  registerVerified,
  type Somebody,
  said,
} from './somebody.ts';

const change = (world: World, by: Somebody, new_email: string, password = PASSWORD, more = {}) =>
  world.send('POST', '/api/auth/change-email/', by, { new_email, password }, more);
const verify = (world: World, by: Somebody, code: string) =>
  world.send('POST', '/api/auth/verify-email/', by, { code });

test('the new address is proven before it replaces the old, which is told', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const asked = await change(world, ann, 'new@example.com');
  expect([asked.status, asked.body.email]).toEqual([200, ann.email]);
  const [mail, ...more] = await mailed(world);
  expect(more).toEqual([]);
  expect(mail).toMatchObject({ to: 'new@example.com', subject: expect.stringContaining('confirms your new e-mail') });

  const moved = await verify(world, ann, mail?.subject.slice(0, 6) ?? '');
  expect([moved.status, moved.body]).toMatchObject([200, { email: 'new@example.com', is_verified: true }]);
  expect(await mailed(world)).toMatchObject([
    {
      to: ann.email,
      subject: 'Your honeyDue account has a new e-mail address',
      text: expect.stringContaining(ann.email),
    },
  ]);
  expect(await world.rows('select from user_confirmationcode')).toEqual([]);
  expect((await login(world, 'new@example.com', PASSWORD)).status).toBe(200);
  expect((await login(world, ann.email, PASSWORD)).status).toBe(401);
});

test('whoever mistyped an address while registering puts it right', async ({ world }) => {
  const ann = await register(world, 'ann');
  await mailed(world);
  expect((await change(world, ann, 'right@example.com')).status).toBe(200);
  const moved = await verify(world, ann, await mailedCode(world));
  expect(moved.body).toMatchObject({ email: 'right@example.com', is_verified: true });
});

test('a wrong password, a taken address and one’s own are refused, and none of them signs the app out', async ({
  world,
}) => {
  const ann = await registerVerified(world, 'ann');
  await registerVerified(world, 'bob');
  const refusals = [
    await change(world, ann, 'new@example.com', 'wrong wrong'),
    await change(world, ann, 'BOB@example.com'),
    await change(world, ann, ann.email),
  ];
  expect(refusals.map(({ status, body }) => [status, body.code, Object.keys(body.fields ?? {})])).toEqual([
    [400, 'validation', ['password']],
    [409, 'email_taken', []],
    [400, 'validation', ['new_email']],
  ]);
  expect(await mailed(world)).toEqual([]);
});

test('somebody who takes the address meanwhile keeps it', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  await change(world, ann, 'new@example.com');
  const code = await mailedCode(world);
  await world.send('POST', '/api/auth/register/', null, {
    username: 'new',
    email: 'new@example.com',
    password: PASSWORD,
  });
  const refused = await verify(world, ann, code);
  expect([refused.status, refused.body.code]).toEqual([409, 'email_taken']);
});

test('a code that was mailed to the address before is good no more', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  await world.send('POST', '/api/auth/forgot-password/', null, { email: ann.email });
  const reset = await mailedCode(world);
  await change(world, ann, 'new@example.com');
  await verify(world, ann, await mailedCode(world));
  for (const email of [ann.email, 'new@example.com']) {
    const input = { email, code: reset, new_password: NEW_PASSWORD };
    expect((await world.send('POST', '/api/auth/reset-password/', null, input)).body.code).toBe('code_invalid');
  }
});

test('while the address before is not told, there is no second change to hide the first', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  await change(world, ann, 'thief@example.com');
  await verify(world, ann, await mailedCode(world));
  const works = world.ports.mail;
  world.ports.mail = () => Promise.reject(new MailError('temporary', 'SES is away'));
  const [told] = world.rung.splice(0);
  await world.deliver((told ?? []).map((event_id) => ({ event_id })));
  const refused = await change(world, ann, 'another@example.com');
  expect(said(refused)).toMatchObject({ status: 409, code: 'conflict' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

  world.ports.mail = works;
  await world.rows('update outbox set run_at = now()');
  world.rung.splice(0, world.rung.length, told ?? []);
  expect(await mailed(world)).toMatchObject([{ to: ann.email }]);
  expect((await change(world, ann, 'another@example.com')).status).toBe(200);
});

test('five codes an hour, and a repeated request counts once', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const keyed = { headers: { 'idempotency-key': 'k' } };
  for (let n = 0; n < 3; n += 1) {
    expect((await change(world, ann, 'new@example.com', PASSWORD, keyed)).status).toBe(200);
  }
  const others = Array.from({ length: 6 }, (_, n) => change(world, ann, `new${n}@example.com`));
  const statuses = (await Promise.all(others)).map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
});

import { expect } from 'vitest';
import { MailError, type MailErrorKind } from '../../domain/mail.ts';
import { test, type World } from '../home.ts';
import { mailed, PASSWORD, register, registerVerified } from './somebody.ts';

const NEW = { current_password: PASSWORD, new_password: 'staple battery 8' };

/** From now on every mail meets this, after it was noted. */
function failing(world: World, kind: MailErrorKind, retry_after_s?: number): void {
  world.ports.mail = async (mail) => {
    world.mails.push(mail);
    throw new MailError(kind, `SES says ${kind}`, { retry_after_s: retry_after_s ?? null });
  };
}

const events = (world: World) =>
  world.rows(`select attempts, done_at is not null as done, dead_at is not null as dead, last_error,
    extract(epoch from run_at - now())::int as in_s from outbox order by id`);
const again = async (world: World) => {
  await world.rows(`update outbox set run_at = now()`);
  world.rung.push((await world.rows('select id::int from outbox')).map(({ id }) => id));
  return await mailed(world);
};

test('a mail that did not go is tried again, after the pause that its carrier asks for, with the same code and key', async ({
  world,
}) => {
  await register(world, 'ann');
  const works = world.ports.mail;
  failing(world, 'temporary', 900);
  const [first] = await mailed(world);
  expect(await events(world)).toMatchObject([
    { attempts: 1, done: false, dead: false, last_error: 'MailError: SES says temporary' },
  ]);
  const [{ in_s }] = await events(world);
  expect(in_s).toBeGreaterThan(890);
  world.ports.mail = works;
  expect(await again(world)).toEqual([first]);
  expect(await events(world)).toMatchObject([{ attempts: 2, done: true, last_error: null }]);
  expect(await again(world)).toEqual([]);
});

test('a mail that nobody will ever take ends at once, where an operator sees it', async ({ world }) => {
  await register(world, 'ann');
  failing(world, 'permanent');
  await mailed(world);
  expect(await events(world)).toMatchObject([
    { attempts: 1, done: false, dead: true, last_error: 'MailError: SES says permanent' },
  ]);
  expect(await again(world)).toEqual([]);
});

test('a mail of which nobody knows is sent again if it carries a code, and not if it tells something', async ({
  world,
}) => {
  await register(world, 'ann');
  failing(world, 'uncertain');
  await mailed(world);
  expect(await events(world)).toMatchObject([{ done: false, dead: false }]);
  await world.rows('delete from outbox');

  const bob = await registerVerified(world, 'bob');
  await world.rows('delete from outbox');
  await world.send('POST', '/api/auth/change-password/', bob, NEW);
  expect(await mailed(world)).toHaveLength(1);
  expect(await events(world)).toMatchObject([
    { attempts: 1, done: true, dead: false, last_error: expect.stringContaining('uncertain') },
  ]);
  expect(await again(world)).toEqual([]);
});

test('a code that was used, replaced or is too old is not mailed', async ({ world }) => {
  const ann = await register(world, 'ann');
  await world.send('POST', '/api/auth/resend-verification/', ann);
  expect(await mailed(world)).toHaveLength(1);
  await world.send('POST', '/api/auth/resend-verification/', ann);
  await world.rows(`update user_confirmationcode set expires_at = now() - interval '1 second'`);
  expect(await mailed(world)).toEqual([]);
  expect(await world.rows('select from outbox where done_at is null')).toEqual([]);
});

test('a name that a stranger chose is not mailed to an address that nobody has proven', async ({ world }) => {
  const ann = await register(world, 'buy-now.example');
  await mailed(world);
  await world.send('POST', '/api/auth/change-password/', ann, NEW);
  await world.send('DELETE', '/api/auth/account/', ann, { password: NEW.new_password });
  // By its address it may be called, which is the name as well here.
  const told = await mailed(world);
  expect(told.map(({ subject }) => subject)).toEqual(['Your honeyDue account was deleted']);
  expect(told[0]?.text).toContain(`“${ann.email}”`);
  expect(told[0]?.text).not.toContain(`“${ann.username}”`);
});

test('one mail that hangs holds up no neighbour', async ({ world }) => {
  await register(world, 'ann');
  const { promise: never, reject } = Promise.withResolvers<never>();
  const works = world.ports.mail;
  world.ports.mail = (mail) => (mail.to === 'ann@example.com' ? never : works(mail));
  await register(world, 'bob');
  const working = world.deliver(world.rung.splice(0).flatMap((ids) => ids.map((event_id) => ({ event_id }))));
  await expect.poll(() => world.mails.map(({ to }) => to)).toEqual(['bob@example.com']);
  reject(new MailError('temporary', 'at last'));
  expect(await working).toEqual(['ack', 'ack']);
});

test('codes that are long over are forgotten on the hour', async ({ world }) => {
  await register(world, 'ann');
  await register(world, 'bob');
  await world.rows(`update user_confirmationcode set expires_at = now() - interval '25 hours' where email like 'ann%'`);
  await world.tick('10 * * * *');
  expect(await world.rows('select email from user_confirmationcode')).toEqual([{ email: 'bob@example.com' }]);
});

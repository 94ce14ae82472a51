import { expect } from 'vitest';
import { findReminders } from '../db/reminders.ts';
import { onboard } from '../queues/ticks/onboard.ts';
import { type Person, test, type World } from './home.ts';
import { identityToken } from './identities.ts';

const DAY_MS = 86_400_000;
/** Accounts and homes are made by the database's clock. */
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

const KINDS = `select user_id::int, kind from notifications_reminder where channel = 'email' order by id`;

async function onboardAt(world: World, moment: string): Promise<void> {
  world.ports.now = () => moment;
  await onboard(world.ports);
}

/** Delivers what was rung for, as the queues would. */
async function deliver(world: World): Promise<void> {
  const ids = world.rung.splice(0).flat();
  await world.deliver(ids.map((event_id) => ({ event_id })));
}

/** Somebody who has just proven their address. */
async function verified(world: World, name = 'ann'): Promise<Person> {
  const by = await world.person(name);
  await world.rows(
    `insert into outbox (event) values (jsonb_build_object('type', 'user.verified', 'user_id', $1::bigint))`,
    [by.user_id],
  );
  await world.tick('* * * * *');
  await deliver(world);
  return by;
}

/** What the mails that wait would say. */
async function waiting(world: World) {
  const events = await world.rows(`select id::int from outbox where event ->> 'type' = 'reminder.claimed' order by id`);
  const ids = events.map(({ id }) => id);
  return (await findReminders(world.ports.db, ids)).rows.map(({ found }) => [found.kind, found.email, found.about]);
}

test('whoever proves their address is welcomed, once', async ({ world }) => {
  const { user_id } = await verified(world);
  expect(await world.rows(KINDS)).toEqual([{ user_id, kind: 'welcome' }]);
  expect(await waiting(world)).toEqual([['welcome', 'ann@example.com', {}]]);
  const [event] = await world.rows(`select queue from outbox where event ->> 'type' = 'reminder.claimed'`);
  expect(event).toEqual({ queue: 'mail' });
  await world.rows(
    `insert into outbox (event) values (jsonb_build_object('type', 'user.verified', 'user_id', $1::bigint))`,
    [user_id],
  );
  await world.tick('* * * * *');
  await deliver(world);
  expect(await world.rows(KINDS)).toHaveLength(1);
});

test('whoever comes with Apple is welcomed as well, whoever registers is not before they have proven it', async ({
  world,
}) => {
  const account = { username: 'bob', email: 'bob@example.com', password: 'correct horse 7' };
  await world.send('POST', '/api/auth/register/', null, account);
  const token = await identityToken('apple', world.ports.now(), { sub: 'a', email: 'ann@example.com' });
  await world.send('POST', '/api/auth/apple-sign-in/', null, { identity_token: token });
  await deliver(world);
  expect(await waiting(world)).toEqual([['welcome', 'ann@example.com', {}]]);
});

test('two days without a home bring one mail, a home none', async ({ world }) => {
  const [ann, bob] = [await verified(world), await verified(world, 'bob')];
  await world.send('POST', '/api/residences/', bob, { name: 'Maple House' });
  const kinds = async () => (await world.rows(KINDS)).filter(({ kind }) => kind !== 'welcome');
  await onboardAt(world, inDays(1.9));
  expect(await kinds()).toEqual([]);
  await Promise.all([1, 2, 3].map(() => onboardAt(world, inDays(2.1))));
  await onboardAt(world, inDays(3));
  expect(await kinds()).toEqual([{ user_id: ann.user_id, kind: 'no_residence' }]);
  expect(await waiting(world)).toContainEqual(['no_residence', 'ann@example.com', {}]);
  await world.send('POST', '/api/residences/', ann, { name: 'Lake House' });
  expect((await waiting(world)).map(([kind]) => kind)).not.toContain('no_residence');
});

test('five days after the first home without a task bring one mail', async ({ world }) => {
  const [ann, bob] = [await verified(world), await verified(world, 'bob')];
  const home = async (by: Person) =>
    (await world.send('POST', '/api/residences/', by, { name: `Home of ${by.username}` })).body.id;
  const [empty, full] = [await home(ann), await home(bob)];
  await world.task(bob, full, {});
  const kinds = async () => (await world.rows(KINDS)).filter(({ kind }) => kind !== 'welcome');
  await onboardAt(world, inDays(4.9));
  expect(await kinds()).toEqual([]);
  await onboardAt(world, inDays(5.1));
  await onboardAt(world, inDays(6));
  expect(await kinds()).toEqual([{ user_id: ann.user_id, kind: 'no_tasks' }]);
  expect(await waiting(world)).toContainEqual([
    'no_tasks',
    'ann@example.com',
    { residence_id: empty, residence_name: 'Home of ann' },
  ]);
  await world.task(ann, empty, {});
  expect((await waiting(world)).map(([kind]) => kind)).not.toContain('no_tasks');
});

test('nobody is written to who was there before such mails, after weeks, unproven, or in quiet hours', async ({
  world,
}) => {
  const early = await world.person('early');
  const late = await verified(world, 'late');
  const unproven = await verified(world, 'unproven');
  await world.rows('update auth_user set is_verified = false where id = $1', [unproven.user_id]);
  const kinds = async () => (await world.rows(KINDS)).filter(({ kind }) => kind !== 'welcome');
  await onboardAt(world, inDays(10));
  expect(await kinds()).toEqual([]);

  const quiet = new Date(Date.now() + 3 * DAY_MS);
  const from = quiet.toISOString().slice(11, 13);
  const to = String((Number(from) + 2) % 24).padStart(2, '0');
  const preferences = { quiet_start: `${from}:00`, quiet_end: `${to}:00` };
  await world.send('PUT', '/api/notifications/preferences/', late, preferences);
  await onboardAt(world, quiet.toISOString());
  expect(await kinds()).toEqual([]);
  await onboardAt(world, new Date(quiet.getTime() + 3 * 3_600_000).toISOString());
  expect(await kinds()).toEqual([{ user_id: late.user_id, kind: 'no_residence' }]);
  expect(early.user_id).not.toBe(late.user_id);
});

import { expect } from 'vitest';
import { NotificationType, Preferences } from '../domain/preferences.ts';
import { test } from './home.ts';
import { race } from './race.ts';

const PATH = '/api/notifications/preferences/';
const DEFAULT = { push: true, email: false, in_app: true };
const DEFAULTS = {
  ...Object.fromEntries(NotificationType.options.map((type) => [type, DEFAULT])),
  task_due_soon_hour: 9,
  task_overdue_hour: 9,
  warranty_expiring_hour: 9,
  daily_digest_hour: 8,
  quiet_start: null,
  quiet_end: null,
  timezone: 'UTC',
};

test('are the defaults until somebody chooses; a choice replaces all of them', async ({ world }) => {
  const { owner, member } = await world.home();
  const first = await world.send('GET', PATH, owner);
  expect(Preferences.strict().parse(first.body)).toEqual(DEFAULTS);
  const chosen = {
    task_overdue: { email: true },
    daily_digest: { push: false, email: true, in_app: false },
    task_due_soon_hour: 18,
    quiet_start: '22:00',
    quiet_end: '06:30',
    timezone: 'America/Chicago',
  };
  const put = await world.send('PUT', PATH, owner, chosen);
  const expected = { ...DEFAULTS, ...chosen, task_overdue: { push: true, email: true, in_app: true } };
  expect([put.status, put.body]).toEqual([200, expected]);
  const read = await world.send('GET', PATH, owner);
  expect([read.body, read.headers.get('etag')]).toEqual([expected, put.headers.get('etag')]);
  expect((await world.send('GET', '/api/auth/me/', owner)).body.timezone).toBe('America/Chicago');
  expect((await world.send('GET', PATH, member)).body).toEqual(DEFAULTS);

  const again = await world.send('PUT', PATH, owner, {});
  expect(again.body).toEqual({ ...DEFAULTS, timezone: 'America/Chicago' });
  const facts = await world.rows(`select event from outbox where event ->> 'type' = 'preferences.updated'`);
  const fact = { type: 'preferences.updated', user_id: owner.user_id };
  expect(facts.map(({ event }) => event)).toEqual([fact, fact]);
  const audit = await world.rows(
    `select action, actor_id::int, changed from audit_log where target_type = 'preferences' order by id`,
  );
  expect(audit).toMatchObject([
    { action: 'created', actor_id: owner.user_id },
    { action: 'updated', actor_id: owner.user_id, changed: { quiet_start: ['22:00:00', null] } },
  ]);
});

test.for([
  [{ task_due_soon_hour: 24 }, 'task_due_soon_hour'],
  [{ daily_digest_hour: -1 }, 'daily_digest_hour'],
  [{ task_overdue_hour: 9.5 }, 'task_overdue_hour'],
  [{ quiet_start: '22:00' }, 'quiet_end'],
  [{ quiet_start: '24:00', quiet_end: '06:00' }, 'quiet_start'],
  [{ quiet_start: '22:00:00', quiet_end: '06:00' }, 'quiet_start'],
  [{ timezone: 'Mars/Olympus' }, 'timezone'],
  [{ task_overdue: { push: 'yes' } }, 'task_overdue.push'],
] as const)('%j is refused', async ([input, field], { world }) => {
  const { owner } = await world.home();
  const { status, body } = await world.send('PUT', PATH, owner, input);
  expect([status, Object.keys(body.fields)]).toEqual([400, [field]]);
  expect((await world.send('GET', PATH, owner)).body).toEqual(DEFAULTS);
});

test('are not overwritten unseen', async ({ world }) => {
  const { owner } = await world.home();
  const etag = (await world.send('GET', PATH, owner)).headers.get('etag') ?? '';
  const seen = { headers: { 'if-match': etag } };
  expect((await world.send('PUT', PATH, owner, { task_overdue_hour: 7 }, seen)).status).toBe(200);
  const refused = await world.send('PUT', PATH, owner, { task_overdue_hour: 8 }, seen);
  const now = await world.send('GET', PATH, owner);
  expect([refused.status, refused.headers.get('etag')]).toEqual([412, now.headers.get('etag')]);
  expect(now.body.task_overdue_hour).toBe(7);
  const known = { headers: { 'if-none-match': now.headers.get('etag') ?? '' } };
  expect((await world.send('GET', PATH, owner, undefined, known)).status).toBe(304);
});

test('of two at once both are answered, and the second stands', async ({ world }) => {
  const { owner } = await world.home();
  const answers = await race(world, [
    ['PUT', PATH, owner, { task_overdue_hour: 7 }],
    ['PUT', PATH, owner, { task_overdue_hour: 18 }],
  ]);
  expect(answers.map(({ status, body }) => [status, body.task_overdue_hour])).toEqual([
    [200, 7],
    [200, 18],
  ]);
  expect((await world.send('GET', PATH, owner)).body.task_overdue_hour).toBe(18);
});

test('wait for a verified address, where that is asked for', async ({ world }) => {
  const { owner } = await world.home();
  await world.rows('update auth_user set is_verified = false where id = $1', [owner.user_id]);
  const ports = { settings: { ...world.ports.settings, verified_only: true } };
  const { status, body } = await world.send('PUT', PATH, owner, {}, { ports });
  expect([status, body.code]).toEqual([403, 'email_unverified']);
});

import { expect } from 'vitest';
import { findReminders } from '../db/reminders.ts';
import { NOW, TODAY, test, type World } from './home.ts';
import { addPhone, prefer, quarterAt, quarters, SILENT } from './quarter-hours.ts';

const ALL = { push: true, email: true, in_app: true };

/** What the events of claims have to send now. */
async function toSend(world: World) {
  const events = await world.rows(
    `select id::int from outbox where event ->> 'type' in ('reminder.claimed', 'push.claimed') order by id`,
  );
  const { rows } = await findReminders(
    world.ports.db,
    events.map(({ id }) => id),
  );
  return rows.map(({ found }) => found).sort((a, b) => a.reminder_id - b.reminder_id);
}

const toMail = async (world: World) => (await toSend(world)).filter(({ channel }) => channel === 'email');

/** A reminder of one task that waits to be mailed to a home's owner. */
async function waiting(world: World, more: object = {}) {
  const home = await world.home();
  const { owner, member, residence_id } = home;
  await Promise.all([prefer(world, member, SILENT), prefer(world, home.viewer, SILENT)]);
  await prefer(world, owner, { ...SILENT, task_due_soon: ALL, task_overdue: ALL });
  const task = await world.task(owner, residence_id, { title: 'Clean the gutters', due_date: TODAY, ...more });
  await quarterAt(world, NOW);
  expect(await toMail(world)).toHaveLength(1);
  return { ...home, task };
}

test('says all that a mail or a push of a task needs', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  await prefer(world, member, SILENT);
  await addPhone(world, owner, 'phone');
  const quiet = { quiet_start: '22:00', quiet_end: '06:30', timezone: 'America/Chicago' };
  await prefer(world, owner, { ...SILENT, task_due_soon: ALL, ...quiet });
  const task = await world.task(owner, residence_id, { title: 'Clean the gutters', due_date: TODAY, frequency_id: 5 });
  await quarterAt(world, NOW);
  const one = {
    reminder_id: expect.any(Number),
    user_id: owner.user_id,
    email: `${owner.username}@example.com`,
    is_suppressed: false,
    first_name: '',
    zone: 'America/Chicago',
    claimed_at: NOW,
    quiet_start: '22:00',
    quiet_end: '06:30',
    kind: 'task',
    about: {
      type: 'task_due_soon',
      stage: 0,
      task_id: task.id,
      task_title: 'Clean the gutters',
      residence_id,
      residence_name: 'Maple House',
      effective_date: TODAY,
      kanban_column: 'due_soon_tasks',
      recurs: true,
    },
  };
  expect(await toSend(world)).toEqual([
    { ...one, channel: 'email' },
    { ...one, channel: 'push' },
  ]);
});

test.for<[string, (world: World, home: Awaited<ReturnType<typeof waiting>>) => Promise<unknown>]>([
  ['completed', (world, { owner, task }) => world.send('POST', `/api/tasks/${task.id}/quick-complete/`, owner)],
  ['cancelled', (world, { owner, task }) => world.send('POST', `/api/tasks/${task.id}/cancel/`, owner)],
  ['archived', (world, { owner, task }) => world.send('POST', `/api/tasks/${task.id}/archive/`, owner)],
  ['deleted', (world, { owner, task }) => world.send('DELETE', `/api/tasks/${task.id}/`, owner)],
  [
    'moved',
    (world, { owner, task }) => world.send('PATCH', `/api/tasks/${task.id}/`, owner, { due_date: '2026-03-20' }),
  ],
  [
    'given to somebody else',
    (world, { owner, member, task }) =>
      world.send('PATCH', `/api/tasks/${task.id}/`, owner, { assigned_to_id: member.user_id }),
  ],
  [
    'in a home that is paused',
    (world, home) => world.send('POST', `/api/residences/${home.residence_id}/pause/`, home.owner),
  ],
  [
    'in a home that is deleted',
    (world, home) => world.send('DELETE', `/api/residences/${home.residence_id}/`, home.owner),
  ],
  ['not wanted any more', (world, { owner }) => prefer(world, owner, { task_due_soon: { push: true, email: false } })],
  [
    'for somebody who has left',
    async (world, { owner, residence_id }) => {
      await world.rows(`update residence_residence_users set role = 'member' where user_id = $1`, [owner.user_id]);
      return await world.send('POST', `/api/residences/${residence_id}/leave/`, owner);
    },
  ],
  [
    'for somebody whose account is deleted',
    (world, { owner }) => world.rows('update auth_user set deleted_at = now() where id = $1', [owner.user_id]),
  ],
  [
    'for an address that is not proven',
    (world, { owner }) => world.rows('update auth_user set is_verified = false where id = $1', [owner.user_id]),
  ],
])('nothing is sent of a task that is %s meanwhile', async ([, meanwhile], { world }) => {
  await meanwhile(world, await waiting(world));
  expect(await toMail(world)).toEqual([]);
});

test('of what had to wait, the newest is sent', async ({ world }) => {
  await waiting(world, { frequency_id: 5 });
  await quarters(world, '2026-03-08T10:00:00.000Z', '2026-03-09T10:00:00.000Z', 24 * 60);
  const [{ n }] = await world.rows(`select count(*)::int n from notifications_reminder where channel = 'email'`);
  expect(n).toBe(3);
  expect(await toMail(world)).toMatchObject([{ about: { stage: -2, type: 'task_overdue' } }]);
});

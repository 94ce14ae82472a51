import { expect } from 'vitest';
import { findReminders } from '../db/reminders.ts';
import { NOW, type Person, TODAY, test, type World } from './home.ts';
import { prefer, quarterAt, quarters, SILENT } from './quarter-hours.ts';

/** The digests that say anything: of a day without any, no more than the claim is left. */
const digests = (world: World): Promise<{ user_id: number; date: string; at: string }[]> =>
  world.rows(
    `select r.user_id::int, r.subject_date::text as date, hd_moment(n.created_at) as at from notifications_notification n
     join notifications_reminder r on r.id = n.reminder_id and r.kind = 'digest' order by n.created_at, r.user_id`,
  );
const moments = async (world: World) => (await digests(world)).map(({ date, at }) => [date, at]);

/** A home where the owner alone gets digests, and nothing else. */
async function alone(world: World, preferences: object = {}) {
  const home = await world.home();
  const { owner, member, viewer } = home;
  await Promise.all([prefer(world, member, SILENT), prefer(world, viewer, SILENT)]);
  await prefer(world, owner, { ...SILENT, daily_digest: { push: false, email: false, in_app: true }, ...preferences });
  return home;
}

test('one a day over all homes, at its hour, as long as there is something to do', async ({ world }) => {
  const { owner, residence_id } = await alone(world, { daily_digest_hour: 18, timezone: 'America/Chicago' });
  const lake = (await world.send('POST', '/api/residences/', owner, { name: 'Lake House' })).body.id;
  await quarterAt(world, '2026-03-06T01:00:00.000Z');
  const late = await world.task(owner, residence_id, { due_date: '2026-03-01' });
  const soon = await world.task(owner, lake, { due_date: '2026-03-10' });
  await world.task(owner, lake, { due_date: '2026-06-01' });
  await quarters(world, '2026-03-07T00:00:00.000Z', '2026-03-09T00:00:00.000Z', 60);
  expect(await moments(world)).toEqual([
    ['2026-03-06', '2026-03-07T00:00:00.000Z'],
    ['2026-03-07', '2026-03-08T00:00:00.000Z'],
    ['2026-03-08', '2026-03-08T23:00:00.000Z'],
  ]);
  const [newest] = (await world.send('GET', '/api/notifications/', owner)).body.results;
  expect(newest).toMatchObject({
    type: 'daily_digest',
    title: 'Your homes today',
    body: '1 overdue, 1 due soon',
    data: { overdue: 1, due_soon: 1 },
  });
  await world.send('POST', `/api/tasks/${late.id}/cancel/`, owner);
  await world.send('POST', `/api/tasks/${soon.id}/mark-in-progress/`, owner);
  await quarters(world, '2026-03-09T22:00:00.000Z', '2026-03-10T02:00:00.000Z', 60);
  expect(await moments(world)).toHaveLength(3);
});

test('to viewers as well; nothing of homes that are paused, nothing to those who do not want it', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  await prefer(world, member, SILENT);
  await world.task(owner, residence_id, { due_date: TODAY });
  await quarterAt(world, NOW);
  const ids = (...people: Person[]) => people.map(({ user_id }) => user_id).sort((a, b) => a - b);
  expect((await digests(world)).map(({ user_id }) => user_id)).toEqual(ids(owner, viewer));
  await world.send('POST', `/api/residences/${residence_id}/pause/`, owner);
  await quarterAt(world, '2026-03-08T15:00:00.000Z');
  expect(await digests(world)).toHaveLength(2);
});

test('what comes up after its hour waits for the next', async ({ world }) => {
  const { owner, residence_id } = await alone(world, { daily_digest_hour: 8 });
  await quarterAt(world, '2026-03-07T08:00:00.000Z');
  await world.task(owner, residence_id, { due_date: TODAY });
  await quarters(world, '2026-03-07T08:15:00.000Z', '2026-03-07T23:00:00.000Z', 60);
  expect(await digests(world)).toEqual([]);
  await quarterAt(world, '2026-03-08T08:00:00.000Z');
  expect(await moments(world)).toEqual([['2026-03-08', '2026-03-08T08:00:00.000Z']]);
});

test('one whose hour is quiet comes when the quiet hours end', async ({ world }) => {
  const { owner, residence_id } = await alone(world, {
    daily_digest_hour: 23,
    quiet_start: '22:00',
    quiet_end: '07:00',
  });
  await world.task(owner, residence_id, { due_date: TODAY });
  await quarters(world, '2026-03-07T05:00:00.000Z', '2026-03-09T09:00:00.000Z', 60);
  expect(await moments(world)).toEqual([
    ['2026-03-07', '2026-03-07T07:00:00.000Z'],
    ['2026-03-08', '2026-03-08T07:00:00.000Z'],
    ['2026-03-09', '2026-03-09T07:00:00.000Z'],
  ]);
  await prefer(world, owner, { daily_digest_hour: 15 });
  await quarters(world, '2026-03-09T10:00:00.000Z', '2026-03-10T16:00:00.000Z', 60);
  expect((await moments(world)).slice(3), 'and no second one that day').toEqual([
    ['2026-03-10', '2026-03-10T15:00:00.000Z'],
  ]);
});

test('one that was missed comes the same day or not at all', async ({ world }) => {
  const { owner, residence_id } = await alone(world, { daily_digest_hour: 8 });
  await world.task(owner, residence_id, { due_date: TODAY });
  await quarterAt(world, '2026-03-07T08:00:00.000Z');
  await quarters(world, '2026-03-12T05:00:00.000Z', '2026-03-12T10:00:00.000Z', 60);
  await quarterAt(world, '2026-03-13T23:00:00.000Z');
  expect(await moments(world)).toEqual([
    [TODAY, '2026-03-07T08:00:00.000Z'],
    ['2026-03-12', '2026-03-12T08:00:00.000Z'],
    ['2026-03-13', '2026-03-13T23:00:00.000Z'],
  ]);
});

test('two ticks at once make one', async ({ world }) => {
  const { owner, residence_id } = await alone(world);
  await world.task(owner, residence_id, { due_date: TODAY });
  world.ports.now = () => NOW;
  await Promise.all([1, 2, 3].map(() => world.tick('*/15 * * * *')));
  expect(await digests(world)).toHaveLength(1);
});

test('its mail lists each home’s columns, the most urgent ten of each; none once all is done', async ({ world }) => {
  const { owner, residence_id } = await alone(world, { daily_digest: { push: false, email: true, in_app: false } });
  const lake = (await world.send('POST', '/api/residences/', owner, { name: 'Lake House' })).body.id;
  await world.send('POST', '/api/residences/', owner, { name: 'Empty' });
  const late = await world.task(owner, lake, { title: 'Late', due_date: '2026-03-01' });
  const tasks = Array.from({ length: 12 }, (_, n) => ({ title: `T${n}`, due_date: `2026-03-${30 - n}` }));
  await world.send('POST', '/api/tasks/bulk/', owner, { residence_id, tasks });
  await quarterAt(world, NOW);
  const find = async () => {
    const [event] = await world.rows(`select id::int from outbox where event ->> 'type' = 'reminder.claimed'`);
    return (await findReminders(world.ports.db, [event.id])).rows.map(({ found }) => found);
  };
  const listed = tasks.toReversed().map(({ title, due_date }) => ({ title, effective_date: due_date }));
  expect(await find()).toMatchObject([
    {
      user_id: owner.user_id,
      channel: 'email',
      kind: 'digest',
      about: {
        type: 'daily_digest',
        today: TODAY,
        residences: [
          { name: 'Maple House', columns: [{ name: 'due_soon_tasks', count: 12, tasks: listed.slice(0, 10) }] },
          {
            name: 'Lake House',
            columns: [{ name: 'overdue_tasks', count: 1, tasks: [{ title: 'Late', effective_date: '2026-03-01' }] }],
          },
        ],
      },
    },
  ]);
  await world.send('POST', `/api/tasks/${late.id}/cancel/`, owner);
  await world.rows('delete from task_task where residence_id = $1', [residence_id]);
  expect(await find()).toEqual([]);
});

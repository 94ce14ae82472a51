import { describe, expect } from 'vitest';
import { NOW, type Person, TODAY, test, type World } from './home.ts';
import { addPhone, prefer, quarterAt, quarters, SILENT, told } from './quarter-hours.ts';

const MONTHLY = 5;
const YEARLY = 10;

/** Who was told of what stage, in the app. */
const stages = async (world: World) => (await told(world)).map(({ user_id, stage }) => [user_id, stage]);

/** A home where the owner alone is told, and of tasks alone. */
async function alone(world: World) {
  const home = await world.home();
  await prefer(world, home.owner, { daily_digest: SILENT.daily_digest });
  await Promise.all([prefer(world, home.member, SILENT), prefer(world, home.viewer, SILENT)]);
  return home;
}

test('a task is told of at its reader’s hour, once, in the app, by push and by mail', async ({ world }) => {
  const { owner, residence_id } = await alone(world);
  await addPhone(world, owner, 'phone');
  const channels = { push: true, email: true, in_app: true };
  await prefer(world, owner, {
    ...SILENT,
    task_due_soon: channels,
    task_due_soon_hour: 7,
    timezone: 'America/Chicago',
  });
  const { id } = await world.task(owner, residence_id, { due_date: TODAY, title: 'Clean the gutters' });
  world.rung.length = 0;
  await quarters(world, '2026-03-07T11:00:00.000Z', '2026-03-07T15:00:00.000Z');

  const at = '2026-03-07T13:00:00.000Z';
  const one = { user_id: owner.user_id, subject_id: id, date: TODAY, stage: 0, at };
  expect(await told(world)).toEqual(['email', 'in_app', 'push'].map((channel) => ({ ...one, channel })));
  const { body } = await world.send('GET', '/api/notifications/', owner);
  expect(body.results).toEqual([
    {
      id: expect.any(Number),
      type: 'task_due_soon',
      title: 'Due today',
      body: 'Clean the gutters · Maple House',
      data: { residence_id, task_id: id, effective_date: TODAY },
      is_read: false,
      read_at: null,
      created_at: at,
    },
  ]);
  const events = await world.rows(
    `select o.id::int, o.queue, n.channel from outbox o
     join notifications_reminder n on n.id = (o.event ->> 'reminder_id')::bigint
     where o.event ->> 'type' in ('reminder.claimed', 'push.claimed') order by o.queue`,
  );
  expect(events).toMatchObject([
    { queue: 'mail', channel: 'email' },
    { queue: 'push', channel: 'push' },
  ]);
  expect(world.rung.flat().sort()).toEqual(events.map((event) => event.id).sort());
});

test('over its whole life each stage comes on its day, and none after it is done', async ({ world }) => {
  const { owner, residence_id } = await alone(world);
  const { user_id } = owner;
  const due = (days: number) => new Date(Date.parse(TODAY) + days * 86_400_000).toISOString().slice(0, 10);
  await world.task(owner, residence_id, { due_date: due(32), frequency_id: YEARLY });
  const monthly = await world.task(owner, residence_id, { due_date: due(5), frequency_id: MONTHLY });
  await quarters(world, `${due(0)}T00:00:00.000Z`, `${due(19)}T18:00:00.000Z`, 360);
  const days = (await told(world)).map(({ subject_id, stage, at }) => [subject_id === monthly.id, stage, at]);
  const at = (day: number) => `${due(day)}T12:00:00.000Z`;
  expect(days.sort(byTime)).toEqual(
    [
      [true, 3, at(2)],
      [false, 30, at(2)],
      [true, 0, at(5)],
      [true, -1, at(6)],
      [true, -2, at(7)],
      [true, -3, at(8)],
      [true, -6, at(11)],
      [true, -9, at(14)],
      [true, -12, at(17)],
      [false, 14, at(18)],
    ].sort(byTime),
  );
  const completed_at = `${due(19)}T10:00:00.000Z`;
  await world.send('POST', '/api/task-completions/', owner, { task_id: monthly.id, completed_at });
  const before = (await told(world)).length;
  await quarters(world, `${due(20)}T00:00:00.000Z`, `${due(24)}T00:00:00.000Z`, 360);
  expect((await told(world)).slice(before).map(({ stage }) => [user_id, stage])).toEqual([]);
});

const byTime = (a: unknown[], b: unknown[]) => String(a[2]).localeCompare(String(b[2])) || Number(a[0]) * -1;

test('nobody is told of what is done, cancelled, archived, or of a home that is paused or deleted', async ({
  world,
}) => {
  const { owner, residence_id } = await alone(world);
  const act = async (verb: string) => {
    const { id } = await world.task(owner, residence_id, { due_date: TODAY });
    expect((await world.send('POST', `/api/tasks/${id}/${verb}/`, owner)).status).toBeLessThan(300);
  };
  for (const verb of ['quick-complete', 'cancel', 'archive']) await act(verb);
  await world.task(owner, residence_id, {});
  for (const [path, due_date] of [
    ['pause/', TODAY],
    ['', '2026-03-06'],
  ]) {
    const { id } = (await world.send('POST', '/api/residences/', owner, { name: 'Lake House' })).body;
    await world.task(owner, id, { due_date });
    const method = path === '' ? 'DELETE' : 'POST';
    expect((await world.send(method, `/api/residences/${id}/${path}`, owner)).status).toBeLessThan(300);
  }
  await quarterAt(world, NOW);
  expect(await told(world)).toEqual([]);
  const started = await world.task(owner, residence_id, { due_date: TODAY, in_progress: true });
  await quarterAt(world, NOW);
  expect(await told(world)).toMatchObject([{ subject_id: started.id, stage: 0 }]);
});

test('a home that is resumed is told of what was missed in the last three days, the newest of it', async ({
  world,
}) => {
  const { owner, residence_id } = await alone(world);
  const { user_id } = owner;
  await world.task(owner, residence_id, { due_date: '2026-03-05' });
  await world.task(owner, residence_id, { due_date: '2026-02-20' });
  await world.send('POST', `/api/residences/${residence_id}/pause/`, owner);
  await quarterAt(world, NOW);
  await world.send('POST', `/api/residences/${residence_id}/resume/`, owner);
  await quarterAt(world, NOW);
  expect(await stages(world)).toEqual([[user_id, -2]]);
});

describe('who is told', () => {
  const everybody = async (world: World) => (await told(world)).map(({ user_id }) => user_id).sort((a, b) => a - b);
  const ids = (...people: Person[]) => people.map(({ user_id }) => user_id).sort((a, b) => a - b);

  test('the owner and the members, no viewer and no stranger', async ({ world }) => {
    const { owner, member, residence_id } = await world.home();
    await world.task(owner, residence_id, { due_date: TODAY });
    await quarterAt(world, NOW);
    expect(await everybody(world)).toEqual(ids(owner, member));
  });

  test('the assignee alone; if they have deleted their account, the others', async ({ world }) => {
    const { owner, member, viewer, residence_id } = await world.home();
    const mine = await world.task(owner, residence_id, { due_date: TODAY, assigned_to_id: member.user_id });
    const theirs = await world.task(owner, residence_id, { due_date: TODAY, assigned_to_id: viewer.user_id });
    await quarterAt(world, NOW);
    const who = (await told(world)).map(({ user_id, subject_id }) => [subject_id, user_id]);
    expect(who.sort()).toEqual([
      [mine.id, member.user_id],
      [theirs.id, viewer.user_id],
    ]);
    await world.rows('update auth_user set deleted_at = now() where id = $1', [member.user_id]);
    await quarterAt(world, NOW);
    expect((await told(world)).filter(({ subject_id }) => subject_id === mine.id)).toMatchObject([
      { user_id: owner.user_id },
      { user_id: member.user_id },
    ]);
  });

  test('nobody who has muted the type, by the channels that are left, mail only where the address is proven', async ({
    world,
  }) => {
    const { owner, member, residence_id } = await world.home();
    const mailed = { push: true, email: true, in_app: false };
    await prefer(world, owner, { ...SILENT, task_due_soon: mailed });
    await prefer(world, member, { ...SILENT, task_overdue: mailed });
    await world.rows('update auth_user set is_verified = false where id = $1', [member.user_id]);
    await world.task(owner, residence_id, { due_date: TODAY });
    await world.task(owner, residence_id, { due_date: '2026-03-06' });
    await quarterAt(world, NOW);
    expect(await told(world)).toMatchObject([{ user_id: owner.user_id, stage: 0, channel: 'email' }]);
    await addPhone(world, owner, 'phone');
    await addPhone(world, member, 'another');
    await quarterAt(world, NOW);
    expect((await told(world)).map(({ user_id, stage, channel }) => [user_id, stage, channel])).toEqual([
      [owner.user_id, 0, 'email'],
      [member.user_id, -1, 'push'],
    ]);
  });
});

describe('hours', () => {
  const due = async (world: World, due_date = TODAY) => {
    const home = await alone(world);
    await world.task(home.owner, home.residence_id, { due_date });
    return home;
  };
  const moments = async (world: World) => (await told(world)).map(({ stage, at }) => [stage, at]);

  test('quiet ones put it off until they end, and then the newest is told', async ({ world }) => {
    const { owner } = await due(world);
    await prefer(world, owner, {
      task_due_soon_hour: 23,
      task_overdue_hour: 5,
      quiet_start: '22:00',
      quiet_end: '06:30',
    });
    await quarters(world, '2026-03-07T22:00:00.000Z', '2026-03-08T07:00:00.000Z');
    expect(await moments(world)).toEqual([[-1, '2026-03-08T06:30:00.000Z']]);
  });

  test('quiet ones lose nothing to a day that is over', async ({ world }) => {
    const { owner } = await due(world);
    await prefer(world, owner, {
      task_due_soon_hour: 23,
      task_overdue_hour: 12,
      quiet_start: '22:00',
      quiet_end: '06:30',
    });
    await quarters(world, '2026-03-07T22:00:00.000Z', '2026-03-08T12:00:00.000Z');
    expect(await moments(world)).toEqual([
      [0, '2026-03-08T06:30:00.000Z'],
      [-1, '2026-03-08T12:00:00.000Z'],
    ]);
    expect(
      await world.rows(
        `select title from notifications_notification where type like 'task_due%' or type like 'task_over%'`,
      ),
    ).toEqual([{ title: 'Was due yesterday' }, { title: 'Was due yesterday' }]);
  });

  test('that are moved make nothing come twice, and nothing be lost', async ({ world }) => {
    const { owner } = await due(world);
    await prefer(world, owner, { task_due_soon_hour: 20 });
    await quarters(world, '2026-03-07T08:00:00.000Z', '2026-03-07T12:00:00.000Z');
    await prefer(world, owner, { task_due_soon_hour: 9 });
    await quarters(world, '2026-03-07T12:15:00.000Z', '2026-03-07T13:00:00.000Z');
    await prefer(world, owner, { task_due_soon_hour: 20, task_overdue_hour: 20 });
    await quarters(world, '2026-03-07T13:15:00.000Z', '2026-03-08T19:00:00.000Z', 45);
    expect(await moments(world)).toEqual([[0, '2026-03-07T12:15:00.000Z']]);
    await prefer(world, owner, { task_due_soon_hour: 20, task_overdue_hour: 18 });
    await quarterAt(world, '2026-03-08T19:15:00.000Z');
    await prefer(world, owner, { task_due_soon_hour: 20, task_overdue_hour: 23 });
    await quarters(world, '2026-03-08T19:30:00.000Z', '2026-03-08T23:30:00.000Z', 30);
    expect(await moments(world)).toEqual([
      [0, '2026-03-07T12:15:00.000Z'],
      [-1, '2026-03-08T19:15:00.000Z'],
    ]);
  });

  test('that are moved back bring nothing from before what was told', async ({ world }) => {
    const { owner } = await due(world, '2026-03-06');
    await quarterAt(world, NOW);
    await prefer(world, owner, { task_overdue_hour: 20 });
    await quarterAt(world, '2026-03-07T15:15:00.000Z');
    expect(await moments(world)).toEqual([[-1, NOW]]);
  });

  test('of a journey are those of the zone that one is in', async ({ world }) => {
    const { owner } = await due(world, '2026-03-08');
    await prefer(world, owner, { timezone: 'Pacific/Auckland' });
    await quarters(world, '2026-03-07T18:00:00.000Z', '2026-03-07T21:00:00.000Z');
    await prefer(world, owner, { timezone: 'Pacific/Honolulu' });
    await quarters(world, '2026-03-07T21:15:00.000Z', '2026-03-09T20:00:00.000Z', 45);
    expect(await moments(world)).toEqual([
      [0, '2026-03-07T20:00:00.000Z'],
      [-1, '2026-03-09T19:00:00.000Z'],
    ]);
  });

  test.for([
    ['that a clock change skips come with it', 'America/New_York', 2, '2026-03-08', '2026-03-08T07:00:00.000Z'],
    ['that occur twice come once', 'America/New_York', 1, '2026-11-01', '2026-11-01T05:00:00.000Z'],
    ['that a change of half an hour skips', 'Australia/Lord_Howe', 2, '2026-10-04', '2026-10-03T15:30:00.000Z'],
    ['at a quarter of an hour', 'Asia/Kathmandu', 9, '2026-03-07', '2026-03-07T03:15:00.000Z'],
    ['of a zone that is an offset', '+05:30', 9, '2026-03-07', '2026-03-07T03:30:00.000Z'],
  ] as const)('%s', async ([, timezone, hour, due_date, at], { world }) => {
    const { owner } = await due(world, due_date);
    await prefer(world, owner, { timezone, task_due_soon_hour: hour, task_overdue_hour: hour });
    const [from, to] = [-4, 8].map((hours) => new Date(Date.parse(at) + hours * 3_600_000).toISOString());
    await quarters(world, from ?? '', to ?? '');
    expect(await moments(world)).toEqual([[0, at]]);
  });

  test('in a zone that nobody knows are those of UTC', async ({ world }) => {
    const { owner } = await due(world);
    await world.rows(`update auth_user set timezone = 'Mars/Olympus' where id = $1`, [owner.user_id]);
    await quarters(world, '2026-03-07T08:45:00.000Z', '2026-03-07T09:15:00.000Z');
    expect(await moments(world)).toEqual([[0, '2026-03-07T09:00:00.000Z']]);
  });
});

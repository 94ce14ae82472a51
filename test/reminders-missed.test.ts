import { describe, expect } from 'vitest';
import type { Db } from '../db/client.ts';
import { remind } from '../queues/ticks/remind.ts';
import { NOW, TODAY, test, type World } from './home.ts';
import { addPhone, prefer, quarterAt, quarters, SILENT, told } from './quarter-hours.ts';

describe('a scheduler that was away', () => {
  /** Tasks that were due some days ago, told of until yesterday, and then nothing ran for so many hours. */
  async function away(world: World, hours: number) {
    const { owner, member, residence_id } = await world.home();
    await Promise.all([prefer(world, member, SILENT), prefer(world, owner, { daily_digest: SILENT.daily_digest })]);
    const made: Record<string, number> = {};
    for (const due_date of ['2026-02-25', '2026-03-01', '2026-03-05', TODAY, '2026-03-10']) {
      made[due_date] = (await world.task(owner, residence_id, { due_date, frequency_id: 5 })).id;
    }
    await quarters(world, '2026-02-24T09:00:00.000Z', '2026-03-06T21:00:00.000Z', 360);
    const before = (await told(world)).length;
    const awake = new Date(Date.parse('2026-03-06T21:00:00Z') + hours * 3_600_000).toISOString();
    await quarterAt(world, awake);
    await quarters(world, awake, awake);
    const dates = Object.fromEntries(Object.entries(made).map(([date, id]) => [id, date]));
    const news = (await told(world)).slice(before).map(({ subject_id, stage }) => [dates[subject_id], stage]);
    return news.sort((a, b) => String(a[0]).localeCompare(String(b[0])));
  }

  test('for a day tells what it missed', async ({ world }) => {
    expect(await away(world, 24)).toEqual([
      ['2026-03-01', -6],
      ['2026-03-05', -2],
      [TODAY, 0],
      ['2026-03-10', 3],
    ]);
  });

  test('for five days tells the newest of each task, if it is of the last three days', async ({ world }) => {
    // It is the 11th: the stages of -9 and -12 of the oldest came on the 6th and the 9th.
    expect(await away(world, 5 * 24)).toEqual([
      ['2026-02-25', -12],
      ['2026-03-01', -9],
      ['2026-03-05', -6],
      [TODAY, -3],
      ['2026-03-10', -1],
    ]);
  });

  test('for ten says nothing of what is long past', async ({ world }) => {
    // It is the 16th, and the 1st is more than 14 days ago.
    expect(await away(world, 10 * 24)).toEqual([
      ['2026-03-05', -9],
      [TODAY, -9],
      ['2026-03-10', -6],
    ]);
  });
});

/** Many people with many tasks, past the API. */
async function crowd(world: World, people: number, tasks: number): Promise<void> {
  await world.rows(
    `with u as (
       insert into auth_user (username, email, password_hash) select 'u' || n, 'u' || n || '@example.com', '-'
       from generate_series(1, $1::int) n returning id
     ), r as (insert into residence_residence (id, name) select 1000 + id, 'Home' from u returning id),
     m as (insert into residence_residence_users (residence_id, user_id, role) select id, id - 1000, 'owner' from r)
     select 1`,
    [people],
  );
  await world.rows(
    `insert into task_task (residence_id, title, due_date) select id, 'T', $2 from residence_residence, generate_series(1, $1::int)`,
    [tasks, TODAY],
  );
}

const claims = async (world: World) =>
  (
    await world.rows(
      `select count(*)::int n, count(distinct (user_id, subject_id))::int pairs from notifications_reminder where kind = 'task'`,
    )
  )[0];

test.for([
  ['one person', 1, 2000, 7],
  ['as many people', 2000, 1, 11],
] as const)('2,000 reminders for %s take few statements', async ([, people, each, most], { world }) => {
  await crowd(world, people, each);
  const before = world.trips.length;
  world.ports.now = () => NOW;
  await remind(world.ports);
  expect(world.trips.length - before).toBe(most);
  expect(await claims(world)).toEqual({ n: 2000, pairs: 2000 });
  const [{ n }] = await world.rows(
    'select count(*)::int n from notifications_notification where reminder_id is not null',
  );
  expect(n).toBe(2000);
});

test('two ticks at once claim once, and so do five', async ({ world }) => {
  await crowd(world, 300, 4);
  world.ports.now = () => NOW;
  await Promise.all(Array.from({ length: 5 }, () => world.tick('*/15 * * * *')));
  expect(await claims(world)).toEqual({ n: 1200, pairs: 1200 });
  const counts = await world.rows(
    `select count(*)::int n, count(distinct reminder_id)::int once from notifications_notification where type = 'task_due_soon'`,
  );
  expect(counts).toEqual([{ n: 1200, once: 1200 }]);
});

test('a tick that dies half way has told of what it claimed; the next one tells of the rest', async ({ world }) => {
  await crowd(world, 3, 400);
  const { db } = world.ports;
  let left = 2;
  const batch: Db['batch'] = async (statements) => {
    if (left === 0) throw new Error('the power is out');
    left -= 1;
    return await db.batch(statements);
  };
  world.ports.db = new Proxy(db, { get: (target, name) => (name === 'batch' ? batch : Reflect.get(target, name)) });
  world.ports.now = () => NOW;
  await expect(world.tick('*/15 * * * *')).rejects.toThrow('failed');
  expect(await claims(world)).toEqual({ n: 500, pairs: 500 });
  world.ports.db = db;
  await quarterAt(world, NOW);
  expect(await claims(world)).toEqual({ n: 1200, pairs: 1200 });
});

test('bells that nobody hears lose nothing: cron rings again', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await addPhone(world, owner, 'phone');
  await world.task(owner, residence_id, { due_date: TODAY });
  await world.deliver(world.rung.flat().map((event_id) => ({ event_id })));
  const { ring } = world.ports;
  world.ports.ring = async () => Promise.reject(new Error('the queue is away'));
  await quarterAt(world, NOW);
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'ring.failed' }));
  world.ports.ring = ring;
  world.rung.length = 0;
  await world.tick('* * * * *');
  const waiting = await world.rows(`select id::int from outbox where done_at is null and queue = 'push' order by id`);
  expect(waiting.length).toBeGreaterThan(0);
  expect(world.rung.flat().sort((a, b) => a - b)).toEqual(waiting.map(({ id }) => id));
});

test('an operator sees when it ran, and when before', async ({ world }) => {
  await quarterAt(world, '2026-03-07T09:00:00.000Z');
  await quarterAt(world, '2026-03-08T09:00:00.000Z');
  expect(await world.rows('select name, hd_moment(ran_at) as ran_at from scheduled_run order by name')).toEqual(
    ['digest', 'onboard', 'remind'].map((name) => ({ name, ran_at: '2026-03-08T09:00:00.000Z' })),
  );
  expect(world.logged).toContainEqual(
    expect.objectContaining({ event: 'tick', name: 'remind', claims: 0, ran_before: '2026-03-07T09:00:00.000Z' }),
  );
});

test('claims are forgotten when nobody can be told again, onboarding never', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.task(owner, residence_id, { due_date: TODAY });
  await quarterAt(world, NOW);
  await world.rows(
    `insert into notifications_reminder (user_id, kind, subject_id, subject_date, stage, channel, claimed_at)
     values ($1, 'welcome', 0, 'epoch', 0, 'email', $2)`,
    [owner.user_id, NOW],
  );
  const left = async (now: string) => {
    world.ports.now = () => now;
    await world.tick('40 * * * *');
    return (await world.rows('select distinct kind from notifications_reminder order by kind')).map(({ kind }) => kind);
  };
  expect(await left('2026-03-13T00:00:00.000Z')).toEqual(['digest', 'task', 'welcome']);
  expect(await left('2026-06-01T00:00:00.000Z')).toEqual(['task', 'welcome']);
  expect(await left('2026-06-08T00:00:00.000Z')).toEqual(['welcome']);
});

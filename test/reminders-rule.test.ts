import fc from 'fast-check';
import { expect } from 'vitest';
import { addInterval, localTime } from '../domain/dates.ts';
import type { Interval } from '../domain/recurrence.ts';
import { dueStage, isQuiet, lastDateOfHour, typeOf } from '../domain/reminder.ts';
import { STATIC_DATA, Unit } from '../domain/static-data.ts';
import { remind } from '../queues/ticks/remind.ts';
import { test } from './home.ts';

const SEED = 20260307;
const PEOPLE = 150;
const TASKS_EACH = 20;

const ZONES = [
  'America/New_York',
  'America/St_Johns',
  'America/Nuuk',
  'America/Havana',
  'Europe/Berlin',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  '+05:30',
  '-03:30',
];

/** Before, in and after hours that a clock skips or shows twice, and some others. */
const MOMENTS = [
  '2026-03-07T15:00:00.000Z',
  '2026-03-08T06:45:00.000Z',
  '2026-03-08T07:00:00.000Z',
  '2026-03-29T01:00:00.000Z',
  '2026-03-28T22:15:00.000Z',
  '2026-04-04T15:15:00.000Z',
  '2026-10-03T15:30:00.000Z',
  '2026-10-25T00:30:00.000Z',
  '2026-11-01T05:30:00.000Z',
  '2026-11-01T06:15:00.000Z',
  '2026-12-31T23:45:00.000Z',
];

const hour = fc.integer({ min: 0, max: 23 });
const time = fc.nat({ max: 95 }).map((quarters) => new Date(quarters * 900_000).toISOString().slice(11, 16));

const person = fc.record({
  timezone: fc.option(fc.constantFrom(...ZONES)),
  task_due_soon_hour: hour,
  task_overdue_hour: hour,
  quiet: fc.option(fc.tuple(time, time), { freq: 2 }),
});

const task = fc.record({
  days_left: fc.integer({ min: -17, max: 33 }),
  often: fc.oneof(
    fc.record({ frequency_id: fc.constantFrom(...STATIC_DATA.task_frequencies.map(({ id }) => id)) }),
    fc.record({ custom_interval: fc.integer({ min: 1, max: 60 }), custom_unit: fc.constantFrom(...Unit.options) }),
    fc.constant({}),
  ),
});

function intervalOf(often: {
  frequency_id?: number;
  custom_interval?: number;
  custom_unit?: (typeof Unit.options)[number];
}): Interval {
  if (often.custom_interval && often.custom_unit) return { every: often.custom_interval, unit: often.custom_unit };
  const frequency = STATIC_DATA.task_frequencies.find(({ id }) => id === often.frequency_id);
  return frequency?.interval && frequency.unit ? { every: frequency.interval, unit: frequency.unit } : null;
}

test('every tick tells what the module says, at the hours of every zone', async ({ world }) => {
  const people = fc
    .sample(person, { seed: SEED, numRuns: PEOPLE })
    .map((drawn, index) => ({ id: index + 1, ...drawn }));
  await world.rows('set session_replication_role = replica'); // no triggers: nobody reads the logs of this
  await world.rows(
    `insert into auth_user (id, username, email, password_hash, timezone)
     select id, 'u' || id, 'u' || id || '@example.com', '-', timezone from jsonb_to_recordset($1) as p (id bigint, timezone text)`,
    [JSON.stringify(people)],
  );
  await world.rows(
    `insert into notifications_notificationpreference (user_id, channels, task_due_soon_hour, task_overdue_hour,
       warranty_expiring_hour, daily_digest_hour, quiet_start, quiet_end)
     select id, '{}', task_due_soon_hour, task_overdue_hour, 9, 9, (quiet ->> 0)::time, (quiet ->> 1)::time
     from jsonb_to_recordset($1) as p (id bigint, task_due_soon_hour int, task_overdue_hour int, quiet jsonb)`,
    [JSON.stringify(people)],
  );
  await world.rows(`insert into residence_residence (id, name) select id, 'Home' from auth_user`);
  await world.rows(
    `insert into residence_residence_users (residence_id, user_id, role) select id, id, 'owner' from auth_user`,
  );
  const stages = new Set<number>();
  for (const [round, now] of MOMENTS.entries()) {
    const drawn = fc.sample(task, { seed: SEED + round, numRuns: PEOPLE * TASKS_EACH });
    const tasks = drawn.map(({ days_left, often }, index) => ({
      id: round * 100_000 + index,
      residence_id: 1 + (index % PEOPLE),
      effective_date: addInterval(now.slice(0, 10), days_left, 'day'),
      ...often,
    }));
    await world.rows('delete from task_task');
    await world.rows(
      `insert into task_task (id, residence_id, title, next_due_date, frequency_id, custom_interval, custom_unit)
       select id, residence_id, 'T', effective_date, frequency_id, custom_interval, custom_unit from jsonb_to_recordset($1)
         as t (id bigint, residence_id bigint, effective_date date, frequency_id bigint, custom_interval int, custom_unit text)`,
      [JSON.stringify(tasks)],
    );
    const readers = people.map(({ timezone, task_due_soon_hour, task_overdue_hour, quiet }) => {
      const zone = timezone ?? 'UTC';
      return {
        is_quiet: isQuiet(localTime(now, zone), quiet?.[0] ?? null, quiet?.[1] ?? null),
        today: {
          task_due_soon: lastDateOfHour(now, task_due_soon_hour, zone),
          task_overdue: lastDateOfHour(now, task_overdue_hour, zone),
        },
      };
    });
    const expected = tasks.flatMap(({ id, residence_id: user_id, effective_date: date, ...often }) => {
      const reader = readers[user_id - 1];
      if (!reader || reader.is_quiet) return [];
      const of = { effective_date: date, interval: intervalOf(often), today: reader.today, since: null };
      const stage = dueStage(of);
      return stage === null ? [] : [{ id, user_id, stage, date, type: typeOf(stage) }];
    });
    for (const { stage } of expected) stages.add(stage);

    world.ports.now = () => now;
    await remind(world.ports);
    const told = await world.rows(
      `select r.subject_id::int as id, r.user_id::int, r.stage, r.subject_date::text as date, n.type
       from notifications_reminder r join notifications_notification n on n.reminder_id = r.id
       where r.claimed_at = $1 order by r.subject_id`,
      [now],
    );
    expect(told.length, now).toBeGreaterThan(200);
    expect(told, now).toEqual(expected);
    await remind(world.ports);
    const [{ n }] = await world.rows('select count(*)::int n from notifications_reminder where claimed_at = $1', [now]);
    expect(n, now).toBe(expected.length);
  }
  expect(stages.size).toBe(12);
}, 60_000);

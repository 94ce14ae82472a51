import { type SQL, sql } from 'drizzle-orm';
import { headings } from '../domain/notification.ts';
import { BEFORE, CATCH_UP_DAYS, DAYS, LAST_DAY_OVERDUE, OVERDUE } from '../domain/reminder.ts';
import { claim } from './claims.ts';
import type { Db } from './client.ts';
import { effective } from './columns.ts';
import { channelsFor, type Page } from './people.ts';

const EARLIEST = Math.max(...BEFORE.flatMap(({ stages }) => stages));

/** The stages of tasks that come back after so many days. */
const STAGES = BEFORE.map(({ from_days, stages }, index) => ({
  from_days,
  to_days: BEFORE[index - 1]?.from_days ?? 'Infinity',
  stages: [...stages, ...OVERDUE],
}));

/** The hour of the overdue may have come last a day ago. */
const headed = () => JSON.stringify(headings(-LAST_DAY_OVERDUE - 1, EARLIEST));

/** Of a task `t` with its frequency `f`; 0 for what happens once. */
const intervalDays = sql`coalesce(coalesce(t.custom_interval, f.interval)
  * (${JSON.stringify(DAYS)}::jsonb ->> coalesce(t.custom_unit, f.unit))::float8, 0)`;

/** A task `t` of a home `r` that somebody may still have to do. */
export const isOpen = sql`r.deleted_at is null and not r.is_paused and not t.is_cancelled and not t.is_archived
  and (t.next_due_date is not null or t.completion_count = 0)`;

/** Whoever a task `t` is assigned to; if that is nobody who is still there, all members `m` who may do it. */
export const isTheirs = sql`(t.assigned_to_id = m.user_id or m.role <> 'viewer' and not exists (
  select from auth_user a where a.id = t.assigned_to_id and a.deleted_at is null))`;

/** Claims the reminders of tasks that are due. */
export const claimDueTasks = (db: Db, now: string, page: Page) => claim(db, now, page, dueTasks());

/**
 * What of the tasks of `people` is to be told and was not: `dueStage` of domain/reminder.ts in SQL, of a task that was never
 * looked at; a test compares the two. What was told is known by its claims, and a stage is not told after a newer one. So
 * nothing is lost to a scheduler that was away, to quiet hours, or to an hour, a zone or a date that somebody moved.
 */
const dueTasks = (): SQL => sql`
  with stages as materialized (
    select * from jsonb_to_recordset(${JSON.stringify(STAGES)}::jsonb) as s (from_days float8, to_days float8, stages int[])
  ), headings as materialized (
    select * from jsonb_to_recordset(${headed()}::jsonb) as h (days_left int, heading text)
  )
  select p.user_id, 'task' as kind, t.id as subject_id, ${effective} as subject_date, s.stage, told.channels, t.residence_id,
    s.type, h.heading as title, t.title || ' · ' || r.name as body,
    jsonb_build_object('residence_id', t.residence_id, 'task_id', t.id, 'effective_date', ${effective}) as data
  from people p
  join residence_residence_users m on m.user_id = p.user_id
  join residence_residence r on r.id = m.residence_id
  join task_task t on t.residence_id = m.residence_id and ${isOpen} and ${isTheirs}
  left join task_taskfrequency f on f.id = t.frequency_id
  join stages i on ${intervalDays} >= i.from_days and ${intervalDays} < i.to_days
  join headings h on h.days_left = ${effective} - p.today
  cross join lateral (
    select x.stage, x.type, x.date from (
      select stage, case when stage < 0 then 'task_overdue' else 'task_due_soon' end as type,
        case when stage < 0 then p.overdue_date else p.due_soon_date end as date
      from unnest(i.stages) as stage
    ) x
    where ${effective} - x.stage <= x.date order by x.stage limit 1
  ) s
  cross join lateral (select ${channelsFor(sql`s.type`)} as channels) told
  where s.date <= ${effective} - s.stage + ${CATCH_UP_DAYS}::int and s.date <= ${effective} + ${LAST_DAY_OVERDUE}::int
    and cardinality(told.channels) > 0
    and not exists (
      select from notifications_reminder n where n.user_id = p.user_id and n.kind = 'task' and n.subject_id = t.id
        and n.subject_date = ${effective} and n.stage <= s.stage)
  order by p.user_id, t.id`;

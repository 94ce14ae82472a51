import { type SQL, sql } from 'drizzle-orm';
import { headings } from '../domain/notification.ts';
import { BEFORE, CATCH_UP_DAYS, DAYS, LAST_DAY_OVERDUE, OVERDUE } from '../domain/reminder.ts';
import { effective } from './columns.ts';
import { channelsFor } from './people.ts';

/** A home `r` that reminds anybody at all. */
export const isLive = sql`r.deleted_at is null and not r.is_paused`;

/** A task `t` that is still to be done. */
export const isOpen = sql`not t.is_cancelled and not t.is_archived and (t.next_due_date is not null or t.completion_count = 0)`;

/** Whoever a task `t` is assigned to; if that is nobody who is still there, all members `m` who may do it. */
export const isTheirs = sql`(t.assigned_to_id = m.user_id or m.role <> 'viewer'
  and (select a.deleted_at is null from auth_user a where a.id = t.assigned_to_id) is not true)`;

const EARLIEST = Math.max(...BEFORE.flatMap(({ stages }) => stages));

/** Of a task `t` with its frequency `f`, in days; 0 for what happens once. */
const interval = sql`coalesce(coalesce(t.custom_interval, f.interval)
  * (${JSON.stringify(DAYS)}::jsonb ->> coalesce(t.custom_unit, f.unit))::float8, 0)`;

const stagesOf = sql`case ${sql.join(
  BEFORE.map(
    ({ from_days, stages }) => sql`when ${interval} >= ${from_days} then ${`{${[...stages, ...OVERDUE]}}`}::int[]`,
  ),
  sql` `,
)} end`;

/** What a reminder is headed on each day; the hour of the overdue may have come last the day before. */
const headed = () => JSON.stringify(headings(-LAST_DAY_OVERDUE - 1, EARLIEST));

/**
 * What of the tasks of `people` is to be told and was not: `dueStage` of domain/reminder.ts in SQL, of a task that was never
 * looked at; a test compares the two. What was told is known by its claims, and no stage is told after a newer one. So
 * nothing is lost to a scheduler that was away, to quiet hours, or to an hour, a zone or a date that somebody moved.
 */
export const dueTasks = (): SQL => sql`
  with members as materialized (
    select p.*, m.role, r.id as residence_id, r.name
    from people p join residence_residence_users m on m.user_id = p.user_id
    join residence_residence r on r.id = m.residence_id and ${isLive}
  ), open as (
    select m.*, t.id as task_id, t.title, ${effective} as effective_date, ${stagesOf} as stages
    from members m join task_task t on t.residence_id = m.residence_id and ${isOpen} and ${isTheirs}
    left join task_taskfrequency f on f.id = t.frequency_id
    where ${effective} between m.overdue_date - ${LAST_DAY_OVERDUE}::int and m.due_soon_date + ${EARLIEST}::int
  ), newest as (
    select p.*, s.stage, case when s.stage < 0 then 'task_overdue' else 'task_due_soon' end as type,
      case when s.stage < 0 then p.overdue_date else p.due_soon_date end as date
    from open p cross join lateral (
      select min(x.stage) as stage from unnest(p.stages) as x (stage)
      where p.effective_date - x.stage <= case when x.stage < 0 then p.overdue_date else p.due_soon_date end
    ) s
  )
  select p.user_id, 'task' as kind, p.task_id as subject_id, p.effective_date as subject_date, p.stage, told.channels,
    p.residence_id, p.type, h.heading as title, p.title || ' · ' || p.name as body,
    jsonb_build_object('residence_id', p.residence_id, 'task_id', p.task_id, 'effective_date', p.effective_date) as data
  from newest p
  cross join lateral (select ${channelsFor(sql`p.type`)} as channels) told
  left join jsonb_to_recordset(${headed()}::jsonb) as h (days_left int, heading text) on h.days_left = p.effective_date - p.today
  where p.date <= p.effective_date - p.stage + ${CATCH_UP_DAYS}::int
    and cardinality(told.channels) > 0
    and p.stage < coalesce((
      select min(n.stage) from notifications_reminder n where n.user_id = p.user_id and n.kind = 'task'
        and n.subject_id = p.task_id and n.subject_date = p.effective_date), ${EARLIEST + 1}::int)`;

import { type SQL, sql } from 'drizzle-orm';
import { type ColumnName, DEFAULT_DAYS } from '../domain/board.ts';
import type { NotificationType } from '../domain/preferences.ts';
import { type Db, statement } from './client.ts';
import { columnOf, effective } from './columns.ts';
import { isLive, isOpen, isTheirs } from './due-tasks.ts';
import { isHeld } from './due-warranties.ts';
import { type News, newsOf } from './news.ts';
import { channelsOf, withChoice } from './preferences.ts';
import { isSuppressed } from './suppressions.ts';

/** As many tasks of a column as a digest lists. */
const TASKS_LISTED = 10;

/** Whom a reminder is for, and how it goes out. */
type Addressed = {
  reminder_id: number;
  user_id: number;
  channel: 'push' | 'email';
  email: string;
  is_suppressed: boolean;
  first_name: string;
  zone: string;
  claimed_at: string;
  quiet_start: string | null;
  quiet_end: string | null;
};

type TaskReminder = {
  kind: 'task';
  about: {
    type: Extract<NotificationType, 'task_due_soon' | 'task_overdue'>;
    stage: number;
    task_id: number;
    task_title: string;
    residence_id: number;
    residence_name: string;
    effective_date: string;
    kanban_column: ColumnName;
    recurs: boolean;
  };
};

type WarrantyReminder = {
  kind: 'warranty';
  about: {
    type: Extract<NotificationType, 'warranty_expiring'>;
    stage: number;
    document_id: number;
    document_title: string;
    residence_id: number;
    residence_name: string;
    provider: string | null;
    ends_on: string;
  };
};

type Column = { name: ColumnName; count: number; tasks: { title: string; effective_date: string }[] };

type DigestReminder = {
  kind: 'digest';
  about: { type: 'daily_digest'; today: string; residences: { name: string; columns: Column[] }[] };
};

type OnboardingReminder =
  | { kind: 'welcome' | 'no_residence'; about: Record<string, never> }
  | { kind: 'no_tasks'; about: { residence_id: number; residence_name: string } };

type NoticeReminder = { kind: 'notice'; about: News };

export type Reminder = Addressed &
  (TaskReminder | WarrantyReminder | DigestReminder | OnboardingReminder | NoticeReminder);

/**
 * What the events of claims are to send. No row where there is nothing to send any more: it was done, moved, given to
 * somebody else or told since, its home is paused, or its reader has left or does not want it.
 */
export const findReminders = (db: Db, event_ids: number[]) =>
  statement<{ event_id: string; found: Reminder }>(db, remindersOf(event_ids));

/** A row for each event that names a reminder which is still to be sent: its id, and the reminder as `found`. */
export const remindersOf = (event_ids: number[]): SQL => sql`
    select o.id as event_id, json_build_object('reminder_id', n.id, 'user_id', u.id, 'channel', n.channel, 'email', u.email,
      'is_suppressed', ${isSuppressed(sql`u.email`)}, 'first_name', u.first_name, 'zone', n.zone, 'claimed_at', hd_moment(n.claimed_at), 'quiet_start', left(p.quiet_start::text, 5), 'quiet_end', left(p.quiet_end::text, 5),
      'kind', n.kind, 'about', a.about) as found
    from outbox o
    cross join lateral (
      select r.*, coalesce(z.timezone, 'UTC') as zone, hd_today(r.claimed_at, coalesce(z.timezone, 'UTC')) as today
      from notifications_reminder r join auth_user z on z.id = r.user_id where r.id = (o.event ->> 'reminder_id')::bigint
    ) n
    join auth_user u on u.id = n.user_id and u.deleted_at is null ${withChoice}
    cross join lateral (select case n.kind when 'task' then (${task}) when 'warranty' then (${warranty}) when 'digest' then (${digest})
      when 'welcome' then '{}'::json when 'no_residence' then (${noResidence}) when 'no_tasks' then (${noTasks})
      when 'notice' then (${notice}) end as about) a
    where o.id = any (${sql.param(event_ids)}::bigint[]) and a.about is not null and (n.channel <> 'email' or u.is_verified)`;

const isWanted = (type: SQL): SQL => sql`(${channelsOf} -> ${type} ->> n.channel)::boolean`;

/** No later one of the same: after an outage one reminder of a task goes out, and not all that were waiting. */
const isNewest = (later: SQL): SQL => sql`not exists (
  select from notifications_reminder l where l.user_id = n.user_id and l.kind = n.kind and l.subject_id = n.subject_id
    and l.channel = n.channel and ${later})`;

const taskType = sql`case when n.stage < 0 then 'task_overdue' else 'task_due_soon' end`;

const task = sql`
  select json_build_object('type', ${taskType}, 'stage', n.stage, 'task_id', t.id, 'task_title', t.title,
    'residence_id', r.id, 'residence_name', r.name, 'effective_date', n.subject_date,
    'kanban_column', ${columnOf(sql`n.today`, DEFAULT_DAYS)}, 'recurs', coalesce(t.custom_interval, f.interval) is not null)
  from task_task t
  join residence_residence r on r.id = t.residence_id
  join residence_residence_users m on m.residence_id = r.id and m.user_id = n.user_id
  left join task_taskfrequency f on f.id = t.frequency_id
  where t.id = n.subject_id and ${effective} = n.subject_date and ${isLive} and ${isOpen} and ${isTheirs} and ${isWanted(taskType)}
    and ${isNewest(sql`l.subject_date = n.subject_date and l.stage < n.stage`)}`;

const warranty = sql`
  select json_build_object('type', 'warranty_expiring', 'stage', n.stage, 'document_id', t.id, 'document_title', t.title,
    'residence_id', r.id, 'residence_name', r.name, 'provider', t.provider, 'ends_on', t.ends_on)
  from task_document t
  join residence_residence r on r.id = t.residence_id
  join residence_residence_users m on m.residence_id = r.id and m.user_id = n.user_id
  where t.id = n.subject_id and t.ends_on = n.subject_date and ${isHeld} and ${isLive} and m.role <> 'viewer'
    and ${isWanted(sql`'warranty_expiring'`)} and ${isNewest(sql`l.subject_date = n.subject_date and l.stage < n.stage`)}`;

const digest = sql`
  select json_build_object('type', 'daily_digest', 'today', n.today,
    'residences', json_agg(json_build_object('name', h.name, 'columns', h.columns) order by h.id))
  from (
    select r.id, r.name, json_agg(json_build_object('name', c.name, 'count', c.count, 'tasks', c.tasks) order by c.name = 'due_soon_tasks') as columns
    from residence_residence_users m
    join residence_residence r on r.id = m.residence_id and ${isLive}
    cross join lateral (
      select x.name, count(*) as count, json_agg(json_build_object('title', x.title, 'effective_date', x.effective_date)
        order by x.rank) filter (where x.rank <= ${TASKS_LISTED}) as tasks
      from (
        select s.*, row_number() over (partition by s.name order by s.effective_date, s.id) as rank from (
          select t.id, t.title, ${effective} as effective_date, ${columnOf(sql`n.today`, DEFAULT_DAYS)} as name
          from task_task t where t.residence_id = r.id
        ) s where s.name in ('overdue_tasks', 'due_soon_tasks')
      ) x group by x.name
    ) c
    where m.user_id = n.user_id group by r.id
  ) h
  having count(*) > 0 and ${isWanted(sql`'daily_digest'`)} and ${isNewest(sql`l.subject_date > n.subject_date`)}`;

const noResidence = sql`
  select '{}'::json where not exists (select from residence_residence_users m where m.user_id = n.user_id)`;

const noTasks = sql`
  select json_build_object('residence_id', r.id, 'residence_name', r.name)
  from residence_residence_users m join residence_residence r on r.id = m.residence_id and r.deleted_at is null
  where m.user_id = n.user_id and m.role <> 'viewer'
    and not exists (select from hd_membership h join task_task t using (residence_id) where h.user_id = n.user_id)
  order by m.created_at, r.id limit 1`;

/** What its event is news of by now, if it still is. */
const notice = sql`
  select (x.about || jsonb_build_object('type', x.type, 'title', x.title, 'body', x.body, 'data', x.data))::json
  from outbox o cross join lateral ${newsOf} x
  where o.id = n.subject_id and x.user_id = n.user_id and ${isWanted(sql`x.type`)}`;

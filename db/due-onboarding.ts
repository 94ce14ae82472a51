import { type SQL, sql } from 'drizzle-orm';
import type { Bell } from '../domain/event.ts';
import { announced, claim } from './claims.ts';
import { type Db, statement } from './client.ts';
import type { Page } from './people.ts';

const DAYS_WITHOUT_HOME = 2;
const DAYS_WITHOUT_TASKS = 5;
/** Later it is no help any more. */
const LATEST_DAYS = 7;

/** Each is sent once, whatever the day: the same in every claim. */
const ONCE = sql`date 'epoch'`;

/** Says welcome to whoever is verified by now and was not welcomed, from when the event was written. */
export const welcome = (db: Db, event_ids: number[]) =>
  statement<{ bell: Bell }>(
    db,
    sql`
    with welcomed as (
      insert into notifications_reminder (user_id, kind, subject_id, subject_date, stage, channel, claimed_at)
      select u.id, 'welcome', 0, ${ONCE}, 0, 'email', min(o.created_at)
      from outbox o join auth_user u on u.id = (o.event ->> 'user_id')::bigint
      where o.id = any (${sql.param(event_ids)}::bigint[]) and u.is_verified and u.deleted_at is null
      group by u.id order by u.id
      on conflict do nothing
      returning *
    )
    ${announced(sql`welcomed`)}`,
  );

/** Claims the mails of onboarding that are due. */
export const claimOnboarding = (db: Db, now: string, page: Page) => claim(db, now, page, dueOnboarding(now));

/** Mails to `people` who got no further: than their welcome for two days, than a first home without a task for five. */
const dueOnboarding = (now: string) => sql`
  select p.user_id, x.kind, 0 as subject_id, ${ONCE} as subject_date, 0 as stage, array['email'] as channels,
    null::bigint as residence_id, null as type, null as title, null as body, null::jsonb as data
  from people p cross join lateral (
    select 'no_residence' as kind from notifications_reminder w
    where w.user_id = p.user_id and w.kind = 'welcome' and ${wasDaysAgo(sql`w.claimed_at`, DAYS_WITHOUT_HOME, now)}
      and not exists (select from residence_residence_users m where m.user_id = p.user_id)
    union all
    select 'no_tasks' from (
      select min(m.created_at) as since from hd_membership h
      join residence_residence_users m using (residence_id, user_id)
      where h.user_id = p.user_id and h.role <> 'viewer'
    ) first
    where ${wasDaysAgo(sql`first.since`, DAYS_WITHOUT_TASKS, now)}
      and not exists (select from hd_membership h join task_task t using (residence_id) where h.user_id = p.user_id)
  ) x
  where p.is_verified and not exists (
    select from notifications_reminder n where n.user_id = p.user_id and n.kind = x.kind)`;

const wasDaysAgo = (at: SQL, days: number, now: string) =>
  sql`${at} between ${now}::timestamptz - make_interval(days => ${days + LATEST_DAYS}) and ${now}::timestamptz - make_interval(days => ${days})`;

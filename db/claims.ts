import { type SQL, sql } from 'drizzle-orm';
import { type Bell, QUEUE_OF } from '../domain/event.ts';
import { type Db, statement } from './client.ts';
import { bell } from './outbox.ts';
import { nextPage, type Page, people } from './people.ts';

/** What one statement claims at most. */
const BATCH = 500;

export type Claimed = { claims: number; bells: Bell[]; next: number | null };

/**
 * Claims what some people are to be told: once, since the key of a claim is unique. With it goes what they are told in the
 * app, if it has a type, and an event for whatever leaves the house. `due` selects from `people` what is not claimed yet;
 * if that is more than fits, the page is asked for again, and what was claimed is no longer due.
 */
export const claim = (db: Db, now: string, page: Page, due: SQL) =>
  statement<{ found: Claimed }>(
    db,
    sql`
    with ${people(page)}, due as materialized (${due} limit ${BATCH}), claimed as (
      insert into notifications_reminder (user_id, kind, subject_id, subject_date, stage, channel, claimed_at)
      select d.user_id, d.kind, d.subject_id, d.subject_date, d.stage, c.channel, ${now}::timestamptz
      from due d cross join unnest(d.channels) as c (channel) order by d.user_id, d.subject_id, c.channel
      on conflict do nothing
      returning *
    ), told as (
      insert into notifications_notification (user_id, residence_id, reminder_id, type, title, body, data, created_at)
      select c.user_id, d.residence_id, c.id, d.type, d.title, d.body, d.data, c.claimed_at
      from claimed c join due d using (user_id, kind, subject_id, subject_date, stage)
      where c.channel = 'in_app' and d.type is not null
    ), waiting as (${announced(sql`claimed`)})
    select json_build_object(
      'claims', (select count(*) from claimed),
      'bells', coalesce((select json_agg(bell) from waiting), '[]'),
      'next', case when (select count(*) from due) = ${BATCH} then ${page.after}::bigint else ${nextPage} end) as found`,
  );

/** Adds the events of those claims that somebody carries to a person; answers the bells. */
export const announced = (claims: SQL): SQL => sql`
  insert into outbox (event, queue)
  select jsonb_build_object('type', case c.channel when 'push' then 'push.claimed' else 'reminder.claimed' end, 'reminder_id', c.id),
    case c.channel when 'push' then ${QUEUE_OF['push.claimed']} else ${QUEUE_OF['reminder.claimed']} end
  from ${claims} c where c.channel <> 'in_app' order by c.id
  returning ${bell} as bell`;

/** Nothing of what is deleted can be due again: the event of a notice is gone by then. Onboarding is once for all. */
export const deleteOldClaims = (db: Db, limit: number, now: string) =>
  statement(
    db,
    sql`delete from notifications_reminder where id in (
          select id from notifications_reminder where claimed_at < ${now}::timestamptz - interval '7 days'
            and (kind = 'digest' or kind in ('task', 'warranty', 'notice') and claimed_at < ${now}::timestamptz - interval '90 days')
          order by claimed_at limit ${limit})`,
  );

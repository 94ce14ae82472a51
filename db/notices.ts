import { sql } from 'drizzle-orm';
import type { Bell } from '../domain/event.ts';
import { announced } from './claims.ts';
import { type Db, statement } from './client.ts';
import { IN_APP_ALONE, newsOf } from './news.ts';
import { channelsFor } from './people.ts';
import { channelsOf, withChoice } from './preferences.ts';

/**
 * Tells of events whoever they are news to, each once and as they want it: in the app at once, and by a claim and its
 * event what leaves the house. An event that is told of again adds nothing.
 */
export const tellOf = (db: Db, event_ids: number[]) =>
  statement<{ bell: Bell }>(
    db,
    sql`
    with news as materialized (
      select o.id as event_id, n.*, u.is_verified, ${channelsOf} as channels,
        exists (select from notifications_device d where d.user_id = u.id) as has_device
      from outbox o cross join lateral ${newsOf} n
      join auth_user u on u.id = n.user_id and u.deleted_at is null ${withChoice}
      where o.id = any (${sql.param(event_ids)}::bigint[])
    ), wanted as materialized (
      select p.*, c.channel from news p cross join unnest(
        case when p.type = any (${IN_APP_ALONE}) then array['in_app'] else ${channelsFor(sql`p.type`)} end) as c (channel)
    ), told as (
      insert into notifications_notification (user_id, residence_id, event_id, type, title, body, data)
      select distinct on (user_id, event_id) user_id, residence_id, event_id, type, title, body, data
      from wanted where channel = 'in_app' order by user_id, event_id, type = any (${IN_APP_ALONE})
      on conflict (user_id, event_id) do nothing
    ), claimed as (
      insert into notifications_reminder (user_id, kind, subject_id, subject_date, stage, channel)
      select user_id, 'notice', event_id, date 'epoch', 0, channel from wanted where channel <> 'in_app'
      order by user_id, event_id, channel
      on conflict do nothing
      returning *
    )
    ${announced(sql`claimed`)}`,
  );

/** Nobody scrolls back so far, read or not. */
export const deleteOldNotifications = (db: Db, limit: number) =>
  statement(
    db,
    sql`delete from notifications_notification where id in (
          select id from notifications_notification
          where created_at < now() - interval '180 days' order by created_at limit ${limit})`,
  );

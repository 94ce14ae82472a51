import { type SQL, sql } from 'drizzle-orm';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { actorId, type Who } from './who.ts';

/** A notification aliased `t` as the `json` that is answered; `Notification` in domain/notification.ts is its shape. */
const notificationJson = sql`(select row_to_json(x) from (select t.id, t.type, t.title, t.body, t.data,
  t.read_at is not null as is_read, hd_moment(t.read_at) as read_at, hd_moment(t.created_at) as created_at) x)`;

/** The caller's notifications, the newest first, a page at a time. */
export const readNotifications = (
  db: Db,
  who: Who,
  { limit, after }: { limit: number; after: number | null },
  known: string[],
) =>
  statement<Answered>(
    db,
    tagged(
      sql`
      with paged as (
        select n.*, row_number() over (order by n.id desc) as rank from notifications_notification n
        where n.user_id = ${actorId(who)} and (${after}::bigint is null or n.id < ${after}) order by n.id desc limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((select json_agg(${notificationJson} order by t.rank) from paged t where t.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.id)`, limit)})) as json`,
      known,
    ),
  );

const unreadCount = (who: Who): SQL => sql`
  select json_build_object('unread_count', count(*)) as json from notifications_notification
  where user_id = ${actorId(who)} and read_at is null`;

export const readUnreadCount = (db: Db, who: Who, known: string[]) =>
  statement<Answered>(db, tagged(unreadCount(who), known));

export const unreadCountWritten = (who: Who): SQL => tagged(unreadCount(who));

const ownNotification = (who: Who, id: number): SQL => sql`
  select ${notificationJson} as json, case when t.read_at is null then 1 else 2 end as row_version
  from notifications_notification t where t.id = ${id} and t.user_id = ${actorId(who)}`;

export type FoundNotification = { user_id: number; row_version: number; etag: string };

/** A notification of the caller's. All that ever changes is that it is read. */
export const findNotification = (db: Db, who: Who, id: number) =>
  statement<{ found: FoundNotification }>(
    db,
    sql`select json_build_object('user_id', ${actorId(who)}, 'row_version', n.row_version, 'etag', tag.etag) as found
        from (${ownNotification(who, id)}) n, (${tagged(ownNotification(who, id), [], true)}) tag`,
  );

export const notificationWritten = (who: Who, id: number): SQL => tagged(ownNotification(who, id), [], true);

/** Read twice it was read the first time. */
export const markRead = (db: Db, { now }: Who, id: number) =>
  statement(
    db,
    sql`update notifications_notification set read_at = ${now} where id = ${id} and user_id = hd_me() and read_at is null`,
  );

export const markAllRead = (db: Db, { now }: Who) =>
  statement(
    db,
    sql`update notifications_notification set read_at = ${now} where user_id = hd_me() and read_at is null`,
  );

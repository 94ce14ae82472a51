import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { CalendarTask } from '../domain/calendar.ts';
import { tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { effective } from './columns.ts';
import { calendarFeeds } from './schema/calendars.ts';
import { actorId, type Who } from './who.ts';

/** The id that this batch's insert has just drawn. */
export const newFeedId = sql`currval('calendar_feed_id_seq')`;

/** A feed without its address, which the database cannot sign. */
export type UnsignedFeed = { id: number; nonce: string; residence_id: number | null; created_at: string };

/** A feed aliased `t` as an `UnsignedFeed`. */
const feedJson = sql`json_build_object('id', t.id, 'nonce', t.nonce, 'residence_id', t.residence_id,
  'created_at', hd_moment(t.created_at))`;

/** The caller's feeds in the order they were made, a page at a time. */
export const findFeeds = (db: Db, who: Who, { limit, after }: { limit: number; after: number | null }) =>
  statement<{ found: { results: UnsignedFeed[]; next_cursor: string | null } }>(
    db,
    sql`
    with paged as (
      select f.*, row_number() over (order by f.id) as rank from calendar_feed f
      where f.user_id = ${actorId(who)} and f.id > ${after ?? 0} order by f.id limit ${limit + 1}
    )
    select json_build_object(
      'results', coalesce((select json_agg(${feedJson} order by t.rank) from paged t where t.rank <= ${limit}), '[]'),
      'next_cursor', (${nextCursor(sql`json_build_array(t.id)`, limit)})) as found`,
  );

const ownFeed = (who: Who, id: number) => sql`
  select ${feedJson} as json, 1 as row_version from calendar_feed t where t.id = ${id} and t.user_id = ${actorId(who)}`;

export type FoundFeed = { user_id: number; row_version: number; etag: string };

/** A feed of the caller's to decide on. It is never changed, so its version is always the first. */
export const findFeed = (db: Db, who: Who, id: number) =>
  statement<{ found: FoundFeed }>(
    db,
    sql`select json_build_object('user_id', ${actorId(who)}, 'row_version', 1, 'etag', etag) as found
        from (${tagged(ownFeed(who, id), [], true)}) tag`,
  );

export const feedWritten: SQL = sql`
  select ${feedJson}::text as body, null as etag from calendar_feed t where t.id = ${newFeedId}`;

export const addFeed = (db: Db, residence_id: number | null, nonce: string) =>
  db.insert(calendarFeeds).values({ user_id: sql`hd_me()`, residence_id, nonce });

export const deleteFeed = (db: Db, user_id: number, id: number) =>
  db.delete(calendarFeeds).where(and(eq(calendarFeeds.id, id), eq(calendarFeeds.user_id, user_id)));

export type FoundCalendar = {
  nonce: string;
  /** Of the home, if it is of one. */
  residence_name: string | null;
  zone: string;
  tasks: CalendarTask[];
};

/**
 * What a feed shows: the active tasks with a date of its user's homes, or of the one home that it is of; the earliest first.
 * No row if the user is gone or no longer in that home.
 */
export const findCalendar = (db: Db, id: number, most: number) =>
  statement<{ found: FoundCalendar }>(
    db,
    sql`
    with seen as (
      select f.*, coalesce(u.timezone, 'UTC') as zone, (select name from residence_residence where id = f.residence_id) as residence_name
      from calendar_feed f join auth_user u on u.id = f.user_id and u.deleted_at is null
      where f.id = ${id} and (f.residence_id is null
        or exists (select from hd_membership m where m.residence_id = f.residence_id and m.user_id = f.user_id))
    )
    select json_build_object('nonce', f.nonce, 'zone', f.zone, 'residence_name', f.residence_name, 'tasks', coalesce((
      select json_agg(x) from (
        select t.id, t.title, t.description, r.name as residence_name, ${effective} as effective_date, t.due_date,
          t.next_due_date, t.anchor_date, t.frequency_id, t.custom_interval, t.custom_unit, t.schedule, t.in_progress,
          t.is_cancelled, t.is_archived, t.completion_count, t.last_completed_at, t.row_version, hd_moment(t.updated_at) as updated_at
        from hd_membership m join residence_residence r on r.id = m.residence_id join task_task t on t.residence_id = m.residence_id
        where m.user_id = f.user_id and m.residence_id = coalesce(f.residence_id, m.residence_id)
          and not t.is_cancelled and not t.is_archived and ${effective} is not null
          and (t.next_due_date is not null or t.completion_count = 0)
        order by ${effective}, t.id limit ${most}
      ) x), '[]')) as found
    from seen f`,
  );

import { and, eq, ne, type SQL, sql } from 'drizzle-orm';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { sessions } from './schema/users.ts';
import { actorId, type Who } from './who.ts';

/** Sessions live 180 days without use and two years in all; `last_used_at` is written at most hourly. */
const isAlive = sql`s.last_used_at > now() - interval '180 days' and s.created_at > now() - interval '2 years'`;

export type Session = { user_id: number; is_due_for_touch: boolean };

export const findSession = (db: Db, { digest }: Who, app_version: string | null) =>
  statement<{ found: Session }>(
    db,
    sql`select json_build_object('user_id', u.id, 'is_due_for_touch', s.last_used_at < now() - interval '1 hour') as found
        from user_authtoken s join auth_user u on u.id = s.user_id, hd_admit(${app_version}, false)
        where s.digest = ${digest} and u.deleted_at is null and ${isAlive}`,
  );

export const touchSession = (db: Db, { digest }: Who) =>
  db.update(sessions).set({ last_used_at: sql`now()` }).where(eq(sessions.digest, digest));

export type NewSession = { digest: string; device_name: string | null; address: string; user_agent: string | null };

/** For whoever the batch acts as. */
export const addSession = (db: Db, session: NewSession) =>
  db.insert(sessions).values({ ...session, user_id: sql`hd_me()` });

export const deleteSession = (db: Db, { digest }: Who) => db.delete(sessions).where(eq(sessions.digest, digest));

/** All of a user's sessions, or all but the caller's. */
export const deleteSessions = (db: Db, user_id: number | SQL, except?: Who) =>
  db
    .delete(sessions)
    .where(and(eq(sessions.user_id, user_id), except ? ne(sessions.digest, except.digest) : undefined));

/** What has not signed anybody in for long. */
export const deleteOldSessions = (db: Db, limit: number) =>
  statement(
    db,
    sql`delete from user_authtoken where id in (
          select s.id from user_authtoken s where not (${isAlive}) order by s.id limit ${limit})`,
  );

export const deleteSessionById = (db: Db, id: number) =>
  db.delete(sessions).where(and(eq(sessions.id, id), eq(sessions.user_id, sql`hd_me()`)));

type Page = { limit: number; after: number | null };

/** The caller's sessions, the newest first; `Session` in domain/session.ts is their shape. */
export const readSessions = (db: Db, who: Who, { limit, after }: Page, known: string[]) =>
  statement<Answered>(
    db,
    tagged(
      sql`with paged as (
        select s.*, row_number() over (order by s.id desc) as rank from user_authtoken s
        where s.user_id = ${actorId(who)} and (${after}::bigint is null or s.id < ${after}) and ${isAlive}
        order by s.id desc limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((
          select json_agg((select row_to_json(x) from (select s.id, s.device_name, s.address as ip, s.user_agent,
            s.digest = ${who.digest} as is_current, hd_moment(s.last_used_at) as last_used_at,
            hd_moment(s.created_at) as created_at, hd_moment(s.last_used_at) as updated_at) x) order by s.rank)
          from paged s where s.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.id)`, limit)})) as json`,
      known,
    ),
  );

/** A session never changes: it is or it is not. */
export const findMySession = (db: Db, who: Who, id: number) =>
  statement<{ found: { row_version: number; etag: string } }>(
    db,
    sql`select json_build_object('row_version', 1, 'etag', '"1"') as found
        from user_authtoken s where s.id = ${id} and s.user_id = ${actorId(who)} and ${isAlive}`,
  );

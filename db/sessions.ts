import { eq, sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';
import { sessions } from './schema/users.ts';
import type { Who } from './who.ts';

/** Sessions live 180 days without use and two years in all; `last_used_at` is written at most hourly. */
export type Session = { user_id: number; is_due_for_touch: boolean };

export const findSession = (db: Db, { digest }: Who, app_version: string | null) =>
  statement<{ found: Session }>(
    db,
    sql`select json_build_object('user_id', u.id, 'is_due_for_touch', s.last_used_at < now() - interval '1 hour') as found
        from user_authtoken s join auth_user u on u.id = s.user_id, hd_admit(${app_version}, false)
        where s.digest = ${digest} and u.deleted_at is null
          and s.last_used_at > now() - interval '180 days' and s.created_at > now() - interval '2 years'`,
  );

export const touchSession = (db: Db, { digest }: Who) =>
  db.update(sessions).set({ last_used_at: sql`now()` }).where(eq(sessions.digest, digest));

export type NewSession = { digest: string; device_name: string | null; address: string; user_agent: string | null };

/** For whoever the batch acts as. */
export const addSession = (db: Db, session: NewSession) =>
  db.insert(sessions).values({ ...session, user_id: sql`hd_me()` });

export const deleteSession = (db: Db, { digest }: Who) => db.delete(sessions).where(eq(sessions.digest, digest));

import { type SQL, sql } from 'drizzle-orm';
import { type Db, statement } from '../client.ts';
import { adminJson } from './admins.ts';
import type { AdminSession } from './guard.ts';

/** `AdminMe` in domain/admin/account.ts is its shape. */
export const readAdminMe = ({ digest }: AdminSession): SQL => sql`
  select json_build_object('admin', ${adminJson},
    'confirmed_until', hd_moment(s.confirmed_at + interval '10 minutes'),
    'expires_at', hd_moment(s.created_at + interval '12 hours')) as json
  from admin_session s join admin_user a on a.id = s.admin_id where s.digest = ${digest}`;

/** The caller's own that are still good, the newest first; `AdminSessions` is its shape. */
export const readAdminSessions = ({ digest }: AdminSession, limit: number): SQL => sql`
  select json_build_object('results', coalesce(json_agg(json), '[]'), 'next_cursor', null) as json from (
    select json_build_object('id', o.id, 'ip', o.ip, 'user_agent', o.user_agent, 'is_current', o.digest = ${digest},
      'last_used_at', hd_moment(o.last_used_at), 'created_at', hd_moment(o.created_at)) as json
    from admin_session me join admin_session o on o.admin_id = me.admin_id
    where me.digest = ${digest} and o.last_used_at > now() - interval '1 hour' and o.created_at > now() - interval '12 hours'
    order by o.id desc limit ${limit}) newest`;

export const touchAdminSession = (db: Db, { digest }: AdminSession) =>
  statement(db, sql`update admin_session set last_used_at = now() where digest = ${digest}`);

export const deleteAdminSession = (db: Db, { digest }: AdminSession) =>
  statement<{ id: number }>(db, sql`delete from admin_session where digest = ${digest} returning id`);

/** One of the caller's own. */
export const deleteMyAdminSession = (db: Db, id: number) =>
  statement<{ id: number }>(
    db,
    sql`delete from admin_session where id = ${id} and admin_id = current_setting('hd.admin_id')::bigint returning id`,
  );

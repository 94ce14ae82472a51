import { type SQL, sql } from 'drizzle-orm';
import type { Answered } from '../answer.ts';
import { type Db, statement } from '../client.ts';
import {
  type Attempt,
  type Attempted,
  attempt,
  attempted,
  attemptedFields,
  takeBack,
  type Window,
  wasUsed,
} from '../rate-counters.ts';
import { answered } from './answered.ts';
import type { AdminSession } from './guard.ts';

/** An admin aliased `a` as the `json` that is answered; `Admin` in domain/admin/account.ts is its shape. */
export const adminJson = sql`(select row_to_json(x) from (select a.id, a.email, a.name, a.role,
  hd_moment(a.last_login_at) as last_login_at, hd_moment(a.created_at) as created_at) x)`;

export type FoundAdmin = {
  id: number;
  email: string;
  password_hash: string;
  totp_secret: string;
};

const found = sql`json_build_object('id', a.id, 'email', a.email, 'password_hash', a.password_hash,
  'totp_secret', a.totp_secret)`;

/** Whoever an e-mail address is of, if they may sign in; counts the attempt. */
export const tryAdmin = (db: Db, email: string, address: string, given: Attempt) =>
  statement<{ found: { admin: FoundAdmin | null; knows_address: boolean; attempted: Attempted } }>(
    db,
    sql`with ${attempt(given)}
        select json_build_object('admin', case when a.id is not null then ${found} end,
          'knows_address', exists (select from admin_session s where s.admin_id = a.id and s.ip = ${address}),
          'attempted', json_build_object(${attemptedFields})) as found
        from ${attempted} left join admin_user a on a.email = lower(${email}) and a.disabled_at is null`,
  );

/** The caller's own, to be proven once more; counts the attempt. */
export const tryMyself = (db: Db, { digest }: AdminSession, given: Attempt) =>
  statement<{ found: { admin: FoundAdmin; attempted: Attempted } }>(
    db,
    sql`with ${attempt(given)}
        select json_build_object('admin', ${found}, 'attempted', json_build_object(${attemptedFields})) as found
        from ${attempted}, admin_session s join admin_user a on a.id = s.admin_id where s.digest = ${digest}`,
  );

/** From here on the batch is an admin's, who has no session yet. */
export const actAsAdmin = (
  db: Db,
  admin_id: number,
  { request_id, address }: { request_id: string; address: string },
) =>
  statement(
    db,
    sql`select hd_context(${request_id}, ${address}), set_config('hd.admin_id', ${String(admin_id)}, true)`,
  );

/** What somebody has shown besides the password: the step of a code that fits, or the digest of a recovery code. */
export type Shown = { step: number } | { digest: string };

/**
 * Uses up what was shown, so that it is good once; a row for whoever it proves. Nobody is proven who has tried too often, or
 * whose password has changed since it was compared.
 */
const used = ({ id, password_hash }: FoundAdmin, shown: Shown, tries: Window & { quota: number }): SQL => {
  const isStill = sql`a.id = ${id} and a.password_hash = ${password_hash} and a.disabled_at is null and ${wasUsed(tries)} <= ${tries.quota}`;
  return 'step' in shown
    ? sql`update admin_user a set totp_step = ${shown.step} where ${isStill} and a.totp_step < ${shown.step} returning a.id`
    : sql`update admin_recoverycode r set used_at = now() from admin_user a
          where r.admin_id = a.id and r.digest = ${shown.digest} and r.used_at is null and ${isStill} returning a.id`;
};

type NewSession = { digest: string; address: string; user_agent: string | null };

export const addAdminSession = (
  db: Db,
  admin: FoundAdmin,
  shown: Shown,
  tries: Window & { quota: number },
  { digest, address, user_agent }: NewSession,
) =>
  statement(
    db,
    sql`with used as (${used(admin, shown, tries)})
        insert into admin_session (admin_id, digest, ip, user_agent) select id, ${digest}, ${address}, ${user_agent} from used`,
  );

/** Confirms the caller's session anew. */
export const confirmSession = (
  db: Db,
  admin: FoundAdmin,
  shown: Shown,
  tries: Window & { quota: number },
  { digest }: AdminSession,
) =>
  statement<{ id: number }>(
    db,
    sql`with used as (${used(admin, shown, tries)})
        update admin_session s set confirmed_at = now() from used where s.admin_id = used.id and s.digest = ${digest} returning s.id`,
  );

type NewLogin = { digest: string; former: string | null; new_hash: string | null; tries: Window };

/** What follows once the new session is there: the former one goes, and whatever has expired; the try was none. */
export const settleLogin = (db: Db, admin_id: number, { digest, former, new_hash, tries }: NewLogin) => [
  statement(
    db,
    sql`update admin_user set last_login_at = now(), password_hash = coalesce(${new_hash}, password_hash)
        where id = ${admin_id} and ${hasSession(digest)}`,
  ),
  statement(
    db,
    sql`delete from admin_session where ${hasSession(digest)} and (digest = ${former} or (admin_id = ${admin_id}
          and (last_used_at <= now() - interval '1 hour' or created_at <= now() - interval '12 hours')))`,
  ),
  statement(db, sql`${takeBack(tries)} and ${hasSession(digest)}`),
];

const hasSession = (digest: string): SQL => sql`exists (select from admin_session n where n.digest = ${digest})`;

/** Of the new session; no row if it was not made. */
export const signedInAdmin = (db: Db, digest: string) =>
  statement<Answered>(
    db,
    answered(sql`select json_build_object('admin', ${adminJson}) as json
      from admin_session s join admin_user a on a.id = s.admin_id where s.digest = ${digest}`),
  );

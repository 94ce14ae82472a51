import { and, eq, inArray, lt, type SQL, sql } from 'drizzle-orm';
import { CODE_MINUTES, type CodePurpose, type CodeSeed, MAX_CODE_TRIES } from '../domain/code.ts';
import { type Db, statement } from './client.ts';
import type { Origin } from './guard.ts';
import type { Key } from './idempotency.ts';
import {
  type Attempt,
  type Attempted,
  attempt,
  attempted,
  attemptedFields,
  type Counted,
  oneMore,
  type Window,
} from './rate-counters.ts';
import { confirmationCodes } from './schema/users.ts';
import { type FoundMe, knowsAddress, myFields, tagOfMe } from './users.ts';
import { actorId, type Who } from './who.ts';

type Quota = Window & { quota: number };
/** A code of which a try was counted, and where it was sent. */
export type TriedCode = CodeSeed & { email: string };

/** Makes a code for those that `from` finds; it takes the place of the one before. */
const makeCode = (purpose: CodePurpose, nonce: string, from: SQL): SQL => sql`
  insert into user_confirmationcode (user_id, purpose, nonce, email, expires_at)
  select user_id, ${purpose}, ${nonce}, email, now() + make_interval(mins => ${CODE_MINUTES}) ${from}
  on conflict (user_id, purpose) do update set nonce = excluded.nonce, email = excluded.email, tries = 0,
    expires_at = excluded.expires_at, created_at = now()
  returning user_id`;

/** For whoever the batch acts as. */
export const addCode = (db: Db, purpose: CodePurpose, nonce: string, email: string) =>
  statement(db, makeCode(purpose, nonce, sql`from (select hd_me() as user_id, ${email}::text as email) me`));

const isAlive = sql`c.tries < ${MAX_CODE_TRIES} and c.expires_at > now()`;
const tried = sql`returning c.user_id, c.purpose, c.nonce, c.email`;

export type CodeTry = FoundMe & { email: string; is_verified: boolean; counted: Counted; tried: TriedCode[] };

/** Counts a try of the caller's own codes of these purposes, and answers those that may still be compared. */
export const tryMyCodes = (db: Db, who: Who, purposes: CodePurpose[], limit: Quota) =>
  statement<{ found: CodeTry }>(
    db,
    sql`with counted as (${oneMore(limit)}), tried as (
          update user_confirmationcode c set tries = c.tries + 1 from counted
          where c.user_id = ${actorId(who)} and c.purpose = any (${sql.param(purposes)}::text[])
            and counted.count <= ${limit.quota} and ${isAlive} ${tried})
        select json_build_object(${myFields}, 'email', u.email, 'is_verified', u.is_verified,
          'counted', row_to_json(counted), 'tried', (select coalesce(json_agg(tried), '[]') from tried)) as found
        from auth_user u, counted, ${tagOfMe(who)} where u.id = ${actorId(who)}`,
  );

export type ResetTry = Attempted & {
  user: { user_id: number; row_version: number; is_verified: boolean; knows_address: boolean } | null;
  tried: TriedCode | null;
};

/** The same of the code that lets its reader choose a new password. An address that nobody has takes the same statement. */
export const tryResetCode = (db: Db, email: string, address: string, given: Attempt) =>
  statement<{ found: ResetTry }>(
    db,
    sql`with ${attempt(given)}, someone as (
          select u.id as user_id, u.row_version, u.is_verified, ${knowsAddress(sql`u.id`, address)} as knows_address
          from auth_user u where lower(u.email) = lower(${email}) and u.deleted_at is null
        ), tried as (
          update user_confirmationcode c set tries = c.tries + 1 from someone s, placed p
          where c.user_id = s.user_id and c.purpose = 'reset_password' and (p.has_place or s.knows_address)
            and ${isAlive} ${tried})
        select json_build_object(${attemptedFields}, 'user', (select row_to_json(someone) from someone),
          'tried', (select row_to_json(tried) from tried)) as found
        from ${attempted}`,
  );

export type ResetAsked = Counted & { event_id: number | null };
type ResetRequest = { email: string; nonce: string; address: Quota; codes: Omit<Quota, 'subject'> };

/** Makes a code and its event if the address is somebody's. One statement, whoever it is: it takes as long for nobody. */
export const requestReset = (db: Db, { email, nonce, address, codes }: ResetRequest, origin: Origin) =>
  statement<{ found: ResetAsked }>(
    db,
    sql`with counted as (${oneMore(address)}), someone as (
          select u.id as user_id, u.email from auth_user u, counted
          where lower(u.email) = lower(${email}) and u.deleted_at is null and counted.count <= ${address.quota}
        ), coded as (${oneMore({ ...codes, subject: newCodeOf('reset_password', sql`user_id`) }, sql`from someone`)}),
        made as (${makeCode('reset_password', nonce, sql`from someone, coded where coded.count <= ${codes.quota}`)}),
        told as (
          insert into outbox (event, request_id, traceparent)
          select jsonb_build_object('type', 'user.reset_requested', 'user_id', user_id),
            ${origin.request_id}, ${origin.traceparent} from made returning id)
        select json_build_object('count', counted.count, 'reset_s', counted.reset_s,
          'event_id', (select id from told)) as found from counted`,
  );

const newCodeOf = (purpose: CodePurpose, user_id: SQL): SQL => sql`${`new_code:${purpose}:`}::text || ${user_id}`;

/** CTE `coded`: one more code of this purpose for the caller, unless the request was answered before. */
export const newCodeCounted = (
  who: Who,
  key: Key | null,
  purpose: CodePurpose,
  { window_s }: Omit<Quota, 'subject'>,
  which = sql`true`,
): SQL => {
  const from = sql`from auth_user u where u.id = ${actorId(who)} and ${which} and not exists (
    select from idempotency_key k where k.user_id = u.id and k.key = ${key?.key ?? null})`;
  return sql`coded as (${oneMore({ subject: newCodeOf(purpose, sql`u.id`), window_s }, from)})`;
};

export type Unproven = FoundMe & { email: string; is_verified: boolean; coded: Counted | null };

/** The caller, whose address may be unproven; if it is, counts one more code. */
export const findUnproven = (db: Db, who: Who, key: Key | null, codes: Omit<Quota, 'subject'>) =>
  statement<{ found: Unproven }>(
    db,
    sql`with ${newCodeCounted(who, key, 'verify_email', codes, sql`not u.is_verified`)}
        select json_build_object(${myFields}, 'email', u.email, 'is_verified', u.is_verified,
          'coded', (select row_to_json(coded) from coded)) as found
        from auth_user u, ${tagOfMe(who)} where u.id = ${actorId(who)}`,
  );

export const deleteCodes = (db: Db, user_id: number, purposes: CodePurpose[]) =>
  db
    .delete(confirmationCodes)
    .where(and(eq(confirmationCodes.user_id, user_id), inArray(confirmationCodes.purpose, purposes)));

export const deleteOldCodes = (db: Db) =>
  db.delete(confirmationCodes).where(lt(confirmationCodes.expires_at, sql`now() - interval '1 day'`));

import { and, eq, inArray, sql } from 'drizzle-orm';
import { type CodePurpose, type CodeSeed, MAX_CODE_TRIES } from '../domain/code.ts';
import { type Db, statement } from './client.ts';
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

export const deleteCodes = (db: Db, user_id: number, purposes: CodePurpose[]) =>
  db
    .delete(confirmationCodes)
    .where(and(eq(confirmationCodes.user_id, user_id), inArray(confirmationCodes.purpose, purposes)));

export const deleteOldCodes = (db: Db, limit: number) =>
  statement(
    db,
    sql`delete from user_confirmationcode where (user_id, purpose) in (
          select user_id, purpose from user_confirmationcode
          where expires_at < now() - interval '1 day' order by expires_at limit ${limit})`,
  );

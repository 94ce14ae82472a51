import { type SQL, sql } from 'drizzle-orm';
import { CODE_MINUTES, type CodePurpose } from '../domain/code.ts';
import { type Bell, QUEUE_OF } from '../domain/event.ts';
import { type Db, statement } from './client.ts';
import type { Origin } from './guard.ts';
import type { Key } from './idempotency.ts';
import { bell } from './outbox.ts';
import { type Counted, oneMore, type Window } from './rate-counters.ts';
import { type FoundMe, myFields, tagOfMe } from './users.ts';
import { actorId, type Who } from './who.ts';

/** How many new codes, in what time. */
type CodeLimit = { quota: number; window_s: number };

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

export type ResetAsked = Counted & { bell: Bell | null };
type ResetRequest = { email: string; nonce: string; address: Window & { quota: number }; codes: CodeLimit };

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
          insert into outbox (event, queue, request_id, traceparent)
          select jsonb_build_object('type', 'user.reset_requested', 'user_id', user_id),
            ${QUEUE_OF['user.reset_requested']}, ${origin.request_id}, ${origin.traceparent} from made
          returning ${bell} as bell)
        select json_build_object('count', counted.count, 'reset_s', counted.reset_s,
          'bell', (select bell from told)) as found from counted`,
  );

const newCodeOf = (purpose: CodePurpose, user_id: SQL): SQL => sql`${`new_code:${purpose}:`}::text || ${user_id}`;

/** CTE `coded`: one more code of this purpose for the caller, unless the request was answered before. */
export const newCodeCounted = (
  who: Who,
  key: Key | null,
  purpose: CodePurpose,
  { window_s }: CodeLimit,
  which = sql`true`,
): SQL => {
  const from = sql`from auth_user u where u.id = ${actorId(who)} and ${which} and not exists (
    select from idempotency_key k where k.user_id = u.id and k.key = ${key?.key ?? null})`;
  return sql`coded as (${oneMore({ subject: newCodeOf(purpose, sql`u.id`), window_s }, from)})`;
};

export type Unproven = FoundMe & { email: string; is_verified: boolean; coded: Counted | null };

/** The caller, whose address may be unproven; if it is, counts one more code. */
export const findUnproven = (db: Db, who: Who, key: Key | null, codes: CodeLimit) =>
  statement<{ found: Unproven }>(
    db,
    sql`with ${newCodeCounted(who, key, 'verify_email', codes, sql`not u.is_verified`)}
        select json_build_object(${myFields}, 'email', u.email, 'is_verified', u.is_verified,
          'coded', (select row_to_json(coded) from coded)) as found
        from auth_user u, ${tagOfMe(who)} where u.id = ${actorId(who)}`,
  );

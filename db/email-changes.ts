import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';
import type { Key } from './idempotency.ts';
import { newCodeCounted } from './new-codes.ts';
import { type Attempt, type Attempted, attempt, attempted, attemptedFields, type Counted } from './rate-counters.ts';
import type { Addressee } from './recipients.ts';
import { confirmationCodes } from './schema/users.ts';
import { isSuppressed } from './suppressions.ts';
import { type FoundMe, myFields, tagOfMe } from './users.ts';
import { actorId, type Who } from './who.ts';

// Where somebody must still be told that the account has another address now. It stays in the row of the code that
// changed the address, which is good for nothing more: a nonce that no code is made of says so.
const SPENT = '';

type Wanted = { new_email: string; attempt: Attempt; codes: { quota: number; window_s: number } };

export type EmailChangeFound = FoundMe & {
  email: string;
  password_hash: string;
  attempted: Attempted;
  /** Of new codes; null if the request was answered before. */
  coded: Counted | null;
  is_taken: boolean;
  /** The last change is still to be told to the address before. */
  is_untold: boolean;
};

/** What a change of the caller's address is decided on; counts the attempt and the code. */
export const findEmailChange = (db: Db, who: Who, key: Key | null, { new_email, attempt: given, codes }: Wanted) =>
  statement<{ found: EmailChangeFound }>(
    db,
    sql`with ${attempt(given)}, ${newCodeCounted(who, key, 'change_email', codes)}
        select json_build_object(${myFields}, 'email', u.email, 'password_hash', u.password_hash,
          'attempted', json_build_object(${attemptedFields}), 'coded', (select row_to_json(coded) from coded),
          'is_taken', exists (select from auth_user o where lower(o.email) = lower(${new_email}) and o.id <> u.id),
          'is_untold', exists (select from user_confirmationcode c
            where c.user_id = u.id and c.purpose = 'change_email' and c.nonce = ${SPENT})) as found
        from auth_user u, ${tagOfMe(who)}, ${attempted} where u.id = ${actorId(who)}`,
  );

const isOf = (user_ids: number[]) =>
  and(inArray(confirmationCodes.user_id, user_ids), eq(confirmationCodes.purpose, 'change_email'));

/** As old as the event of its batch, by which the job finds it. */
export const keepFormerAddress = (db: Db, user_id: number, email: string) =>
  db
    .update(confirmationCodes)
    .set({ nonce: SPENT, email, expires_at: sql`now()`, created_at: sql`now()` })
    .where(isOf([user_id]));

export const findFormerAddresses = (db: Db, event_ids: number[]) =>
  statement<{ event_id: string; found: Addressee }>(
    db,
    sql`select o.id as event_id, json_build_object('user_id', c.user_id, 'email', c.email,
          'is_suppressed', ${isSuppressed(sql`c.email`)}) as found
        from outbox o join user_confirmationcode c on c.user_id = (o.event ->> 'user_id')::bigint
          and c.purpose = 'change_email' and c.nonce = ${SPENT} and c.created_at = o.created_at
        where o.id = any (${sql.param(event_ids)}::bigint[])`,
  );

export const forgetFormerAddresses = (db: Db, user_ids: number[]) =>
  db.delete(confirmationCodes).where(and(isOf(user_ids), eq(confirmationCodes.nonce, SPENT)));

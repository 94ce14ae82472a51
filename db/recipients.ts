import { type SQL, sql } from 'drizzle-orm';
import { RESTORABLE_DAYS } from '../domain/account.ts';
import type { CodePurpose, CodeSeed } from '../domain/code.ts';
import type { IdentityProvider } from '../domain/identity.ts';
import { type Db, statement } from './client.ts';

/** What an account is called in a mail. A name that a stranger may have chosen is not sent to an address that nobody has proven. */
const calledBy = sql`case when u.is_verified then u.username else u.email end`;

export type Recipient = { email: string; username: string };

const recipient = (more: SQL, from: SQL): SQL => sql`
  select json_build_object('email', u.email, 'username', ${calledBy} ${more}) as found from auth_user u ${from}`;

export const findRecipient = (db: Db, user_id: number) =>
  statement<{ found: Recipient }>(db, recipient(sql``, sql`where u.id = ${user_id} and u.deleted_at is null`));

/** Somebody whose account is deleted, and the last day on which it is not erased yet. */
export const findDeleted = (db: Db, user_id: number) =>
  statement<{ found: Recipient & { erased_on: string } }>(
    db,
    recipient(
      sql`, 'erased_on', (u.deleted_at at time zone 'UTC')::date + ${RESTORABLE_DAYS}::int`,
      sql`where u.id = ${user_id} and u.deleted_at is not null`,
    ),
  );

/** The identity that was linked when the event was written. */
export const findLinked = (db: Db, event_id: number) =>
  statement<{ found: Recipient & { provider: IdentityProvider } }>(
    db,
    recipient(
      sql`, 'provider', s.provider`,
      sql`join user_socialaccount s on s.user_id = u.id join outbox o on o.created_at = s.created_at
            and (o.event ->> 'user_id')::bigint = u.id
          where o.id = ${event_id} and u.deleted_at is null`,
    ),
  );

/** The code that was made with an event: one that was made since is mailed by its own. */
export const findCodeToMail = (db: Db, event_id: number, purpose: CodePurpose) =>
  statement<{ found: CodeSeed & { email: string } }>(
    db,
    sql`select json_build_object('user_id', c.user_id, 'purpose', c.purpose, 'nonce', c.nonce, 'email', c.email) as found
        from outbox o join user_confirmationcode c on c.user_id = (o.event ->> 'user_id')::bigint
          and c.purpose = ${purpose} and c.created_at = o.created_at and c.expires_at > now()
        join auth_user u on u.id = c.user_id and u.deleted_at is null
        where o.id = ${event_id}`,
  );

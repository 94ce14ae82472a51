import { type SQL, sql } from 'drizzle-orm';
import { RESTORABLE_DAYS } from '../domain/account.ts';
import type { CodePurpose, CodeSeed } from '../domain/code.ts';
import type { IdentityProvider } from '../domain/identity.ts';
import { type Db, statement } from './client.ts';
import { isSuppressed } from './suppressions.ts';

/** What an account is called in a mail. A name that a stranger may have chosen is not sent to an address that nobody has proven. */
const calledBy = sql`case when u.is_verified then u.username else u.email end`;

/** Where a mail goes, and whether mail goes there at all. */
export type Addressee = { user_id: number; email: string; is_suppressed: boolean };

export type Recipient = Addressee & { username: string };

/** Of each of these events the user that it names. */
const recipients = (event_ids: number[], more: SQL, rest: SQL): SQL => sql`
  select o.id as event_id, json_build_object('user_id', u.id, 'email', u.email,
    'is_suppressed', ${isSuppressed(sql`u.email`)}, 'username', ${calledBy} ${more}) as found
  from outbox o join auth_user u on u.id = (o.event ->> 'user_id')::bigint ${rest}
  and o.id = any (${sql.param(event_ids)}::bigint[])`;

type Found<R> = { event_id: string; found: R };

export const findRecipients = (db: Db, event_ids: number[]) =>
  statement<Found<Recipient>>(db, recipients(event_ids, sql``, sql`where u.deleted_at is null`));

/** Those whose accounts are deleted, and the last day on which they are not erased yet. */
export const findDeleted = (db: Db, event_ids: number[]) =>
  statement<Found<Recipient & { erased_on: string }>>(
    db,
    recipients(
      event_ids,
      sql`, 'erased_on', (u.deleted_at at time zone 'UTC')::date + ${RESTORABLE_DAYS}::int`,
      sql`where u.deleted_at is not null`,
    ),
  );

/** The identities that were linked when the events were written. */
export const findLinked = (db: Db, event_ids: number[]) =>
  statement<Found<Recipient & { provider: IdentityProvider }>>(
    db,
    recipients(
      event_ids,
      sql`, 'provider', s.provider`,
      sql`join user_socialaccount s on s.user_id = u.id and s.created_at = o.created_at where u.deleted_at is null`,
    ),
  );

export type CodeToMail = CodeSeed & Addressee;

/**
 * The codes that were made with the events: one that was made since is mailed by its own. Of events that the clock does
 * not tell apart, the last mails it.
 */
export const findCodesToMail = (db: Db, event_ids: number[], purpose: CodePurpose) =>
  statement<Found<CodeToMail>>(
    db,
    sql`select distinct on (c.user_id) o.id as event_id, json_build_object('user_id', c.user_id, 'purpose', c.purpose, 'nonce', c.nonce,
          'email', c.email, 'is_suppressed', ${isSuppressed(sql`c.email`)}) as found
        from outbox o join user_confirmationcode c on c.user_id = (o.event ->> 'user_id')::bigint
          and c.purpose = ${purpose} and c.created_at = o.created_at and c.expires_at > now()
        join auth_user u on u.id = c.user_id and u.deleted_at is null
        where o.id = any (${sql.param(event_ids)}::bigint[]) order by c.user_id, o.id desc`,
  );

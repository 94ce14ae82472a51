import { eq, sql } from 'drizzle-orm';
import type { Identity } from '../domain/identity.ts';
import { type Db, type Statement, statement } from './client.ts';
import { deleteCodes } from './codes.ts';
import { type Attempt, type Attempted, attempt, attempted, attemptedFields } from './rate-counters.ts';
import { calendarFeeds } from './schema/calendars.ts';
import { devices } from './schema/notifications.ts';
import { deleteSessions } from './sessions.ts';
import { deleteSocialAccounts, identitiesOf } from './social-accounts.ts';
import { type FoundMe, myFields, tagOfMe } from './users.ts';
import { actorId, type Who } from './who.ts';

export type MyCredentials = FoundMe & {
  password_hash: string;
  identities: Pick<Identity, 'provider' | 'subject'>[];
  attempted: Attempted;
};

/** Of a caller who is asked once more who they are; counts the attempt. */
export const findMyCredentials = (db: Db, who: Who, given: Attempt) =>
  statement<{ found: MyCredentials }>(
    db,
    sql`with ${attempt(given)}
        select json_build_object(${myFields}, 'password_hash', u.password_hash, 'identities', ${identitiesOf(sql`u.id`)},
          'attempted', json_build_object(${attemptedFields})) as found
        from auth_user u, ${tagOfMe(who)}, ${attempted} where u.id = ${actorId(who)}`,
  );

/**
 * Everything that opened an account before its address was proven. Whoever registered somebody else's address must have
 * no way left into what becomes that person's account: no session, identity, code, calendar, or phone that is told.
 */
export const deleteWaysIn = (db: Db, user_id: number): Statement[] => [
  deleteSessions(db, user_id),
  deleteSocialAccounts(db, user_id),
  deleteCodes(db, user_id, ['verify_email', 'reset_password', 'change_email']),
  db.delete(calendarFeeds).where(eq(calendarFeeds.user_id, user_id)),
  db.delete(devices).where(eq(devices.user_id, user_id)),
];

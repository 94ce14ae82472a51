import { eq, type SQL, sql } from 'drizzle-orm';
import type { Identity } from '../domain/identity.ts';
import { type Db, statement } from './client.ts';
import { socialAccounts } from './schema/users.ts';

export type Holder = { user_id: number; row_version: number; is_verified: boolean; is_deleted: boolean };
export type IdentityFound = {
  /** Whom the identity signs in. */
  linked: Holder | null;
  /** Whose the identity's address is here. */
  addressed: Holder | null;
  /** The first of the usernames that is free. */
  username: string | null;
};

const holder = sql`json_build_object('user_id', u.id, 'row_version', u.row_version, 'is_verified', u.is_verified,
  'is_deleted', u.deleted_at is not null)`;

export const findIdentity = (db: Db, { provider, subject, email }: Identity, usernames: string[]) =>
  statement<{ found: IdentityFound }>(
    db,
    sql`select json_build_object(
          'linked', (select ${holder} from user_socialaccount s join auth_user u on u.id = s.user_id
            where s.provider = ${provider} and s.subject = ${subject}),
          'addressed', (select ${holder} from auth_user u where lower(u.email) = lower(${email})),
          'username', (select name from unnest(${sql.param(usernames)}::text[]) with ordinality as wanted (name, place)
            where not exists (select from auth_user u where lower(u.username) = lower(name))
            order by place limit 1)) as found`,
  );

/** For whoever the batch acts as. */
export const addSocialAccount = (db: Db, { provider, subject }: Identity) =>
  db.insert(socialAccounts).values({ user_id: sql`hd_me()`, provider, subject });

export const deleteSocialAccounts = (db: Db, user_id: number) =>
  db.delete(socialAccounts).where(eq(socialAccounts.user_id, user_id));

/** As a JSON list. */
export const identitiesOf = (user_id: SQL): SQL => sql`(select coalesce(json_agg(json_build_object(
  'provider', s.provider, 'subject', s.subject) order by s.id), '[]') from user_socialaccount s where s.user_id = ${user_id})`;

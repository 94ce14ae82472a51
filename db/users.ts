import { eq, or, type SQL, sql } from 'drizzle-orm';
import { type Answered, tagged } from './answer.ts';
import { type Db, statement } from './client.ts';
import { users } from './schema/users.ts';
import { actorId, type Who } from './who.ts';

/** A user aliased `u` as the `json` that is answered; `User` in domain/user.ts is its shape. */
const userJson = sql`(select row_to_json(x) from (select u.id, u.username, u.email, u.first_name, u.last_name, u.is_verified,
  u.timezone, hd_moment(u.created_at) as created_at, hd_moment(u.updated_at) as updated_at) x)`;

const oneUser = (id: SQL | number) =>
  sql`select ${userJson} as json, u.row_version from auth_user u where u.id = ${id}`;

export const readMe = (db: Db, who: Who, known: string[]) =>
  statement<Answered>(db, tagged(oneUser(actorId(who)), known, true));

export const meWritten = (who: Who): SQL => tagged(oneUser(actorId(who)), [], true);

/** What register and login answer of whoever the batch acts as; the database never sees the token beside it. */
export const signedInUser = (db: Db) =>
  statement<Answered>(
    db,
    sql`select ${userJson}::text as body, null::text as etag from auth_user u where u.id = hd_me()`,
  );

export type FoundMe = { user_id: number; row_version: number; etag: string };

/** What every write of one's own account decides on, of a user `u` beside `tagOfMe`. */
export const myFields = sql`'user_id', u.id, 'row_version', u.row_version, 'etag', tag.etag`;
export const tagOfMe = (who: Who): SQL => sql`(${tagged(oneUser(actorId(who)), [], true)}) tag`;

export const findMe = (db: Db, who: Who) =>
  statement<{ found: FoundMe }>(
    db,
    sql`select json_build_object(${myFields}) as found from auth_user u, ${tagOfMe(who)} where u.id = ${actorId(who)}`,
  );

export type KnownUser = {
  user_id: number;
  row_version: number;
  username: string;
  email: string;
  password_hash: string;
  is_recent: boolean;
};

const knownUser = sql`json_build_object('user_id', u.id, 'row_version', u.row_version, 'username', u.username,
  'email', u.email, 'password_hash', u.password_hash, 'is_recent', u.created_at > now() - interval '10 minutes')`;

/** Whoever a new account would collide with. */
export const findUsersLike = (db: Db, username: string, email: string) =>
  statement<{ found: KnownUser }>(
    db,
    sql`select ${knownUser} as found from auth_user u where ${or(
      sql`lower(u.username) = lower(${username})`,
      sql`lower(u.email) = lower(${email})`,
    )}`,
  );

/** By e-mail first: a username that looks like one is always its owner's own. */
const named = (name: string, fields: SQL): SQL => sql`
  select ${fields} from auth_user u
  where (lower(u.email) = lower(${name}) or lower(u.username) = lower(${name})) and u.deleted_at is null
  order by lower(u.email) = lower(${name}) desc limit 1`;

export const findUserByName = (db: Db, name: string, address: string) =>
  statement<{ found: KnownUser & { knows_address: boolean } }>(
    db,
    named(
      name,
      sql`(${knownUser}::jsonb || jsonb_build_object('knows_address', ${knowsAddress(sql`u.id`, address)}))::json as found`,
    ),
  );

/** The id of whoever a name is of, as text: an account has two names, and is tried as one. */
export const idByName = (name: string): SQL => sql`(${named(name, sql`u.id::text`)})`;

/** Whether the user is signed in from that address. */
export const knowsAddress = (user_id: SQL, address: string): SQL =>
  sql`exists (select from user_authtoken s where s.user_id = ${user_id} and s.address = ${address})`;

type Insert = typeof users.$inferInsert;

export const addUser = (db: Db, user: { [K in keyof Insert]: Insert[K] | SQL }) => db.insert(users).values(user);

export const updateUser = (db: Db, id: number, change: Partial<typeof users.$inferInsert>) =>
  db.update(users).set(change).where(eq(users.id, id));

/** The user's row moves with what hangs on it, so that whoever decided on it as it was finds out. */
export const touchUser = (db: Db, id: number) =>
  db.update(users).set({ updated_at: sql`now()` }).where(eq(users.id, id));

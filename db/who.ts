import { type SQL, sql } from 'drizzle-orm';

/** Who asks, when, and in which zone: by the digest of a token that this very request presents. */
export type Who = {
  digest: string;
  /** Whom an admin looks at things as; they are signed in by no token of that user's. */
  user_id?: number | SQL;
  /** From the X-Timezone header; null falls back to the profile's zone, then UTC. */
  zone: string | null;
  /** RFC 3339. */
  now: string;
};

/** The actor as a scalar subquery. That the session is valid is for the statement beside it to say (`findSession`, `hd_enter`). */
export const actorId = ({ digest, user_id }: Who): SQL =>
  user_id === undefined ? sql`(select user_id from user_authtoken where digest = ${digest})` : sql`${user_id}::bigint`;

export const zoneOf = ({ digest, user_id, zone }: Who): SQL => {
  if (zone !== null) return sql`${zone}::text`;
  return user_id === undefined
    ? sql`(select coalesce(u.timezone, 'UTC') from user_authtoken s join auth_user u on u.id = s.user_id where s.digest = ${digest})`
    : sql`(select coalesce(u.timezone, 'UTC') from auth_user u where u.id = ${user_id})`;
};

/** Who asks, in which zone and on which civil date, as one row: what every row of a long list is compared with. */
export const asking = (who: Who): SQL => sql`
  select s.user_id, z.zone, hd_today(${who.now}::timestamptz, z.zone) as today
  from (${askers(who)}) s join auth_user u on u.id = s.user_id,
    lateral (select coalesce(${who.zone}::text, u.timezone, 'UTC') as zone) z`;

const askers = ({ digest, user_id }: Who): SQL =>
  user_id === undefined
    ? sql`select user_id from user_authtoken where digest = ${digest}`
    : sql`select ${user_id}::bigint as user_id`;

/** The caller's civil date. */
export const todayOf = (who: Who): SQL => sql`(select hd_today(${who.now}::timestamptz, ${zoneOf(who)}))`;

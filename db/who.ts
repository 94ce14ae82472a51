import { type SQL, sql } from 'drizzle-orm';

/** Who asks, when, and in which zone: by the digest of a token that this very request presents. */
export type Who = {
  digest: string;
  /** From the X-Timezone header; null falls back to the profile's zone, then UTC. */
  zone: string | null;
  /** RFC 3339. */
  now: string;
};

/** The actor as a scalar subquery. That the session is valid is for the statement beside it to say (`findSession`, `hd_enter`). */
export const actorId = ({ digest }: Who): SQL => sql`(select user_id from user_authtoken where digest = ${digest})`;

export const zoneOf = ({ digest, zone }: Who): SQL =>
  zone === null
    ? sql`(select coalesce(u.timezone, 'UTC') from user_authtoken s join auth_user u on u.id = s.user_id where s.digest = ${digest})`
    : sql`${zone}::text`;

/** Who asks, in which zone and on which civil date, as one row: what every row of a long list is compared with. */
export const asking = (who: Who): SQL => sql`
  select s.user_id, z.zone, hd_today(${who.now}::timestamptz, z.zone) as today
  from user_authtoken s join auth_user u on u.id = s.user_id,
    lateral (select coalesce(${who.zone}::text, u.timezone, 'UTC') as zone) z
  where s.digest = ${who.digest}`;

/** The caller's civil date. */
export const todayOf = (who: Who): SQL => sql`(select hd_today(${who.now}::timestamptz, ${zoneOf(who)}))`;

import { type SQL, sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';
import { channelsOf, hourOf, withChoice } from './preferences.ts';

/** What a clock shows in a zone: as `domain/dates.ts` reads it, for PostgreSQL may know other zones. */
export type Clock = { zone: string; local: string };

/** Some of all people, in the order of their ids, and what their clocks show. */
export type Page = { clocks: Clock[]; after: number };

/** How many are looked at in one statement, well within its time. */
const PEOPLE = 500;

const zone = sql`coalesce(u.timezone, 'UTC')`;

export const findZones = (db: Db) =>
  statement<{ zone: string }>(db, sql`select distinct ${zone} as zone from auth_user u where u.deleted_at is null`);

/**
 * For a `with`: `people` of the page who have no quiet hours now. `_date` is the last date whose hour has come: by the
 * clock, so that one that the change skips has come after it, and one that comes twice came the first time.
 */
export const people = ({ clocks, after }: Page): SQL => sql`
  clocks as materialized (
    select * from jsonb_to_recordset(${JSON.stringify(clocks)}::jsonb) as c (zone text, local timestamp)
  ), seen as materialized (
    select u.id, u.timezone, u.is_verified from auth_user u where u.id > ${after} and u.deleted_at is null order by u.id limit ${PEOPLE}
  ), people as materialized (
    select u.id as user_id, u.is_verified, ${channelsOf} as channels, c.local::date as today, p.quiet_start, p.quiet_end,
      exists (select from notifications_device d where d.user_id = u.id) as has_device,
      ${lastDateOf(hourOf('task_due_soon_hour'))} as due_soon_date, ${lastDateOf(hourOf('task_overdue_hour'))} as overdue_date,
      ${lastDateOf(hourOf('warranty_expiring_hour'))} as warranty_date,
      ${lastDateOf(hourOf('daily_digest_hour'))} as digest_date, ${hourOf('daily_digest_hour')} as digest_hour
    from seen u join clocks c on c.zone = ${zone} ${withChoice}
    where not ${isQuiet(sql`c.local::time`)}
  )`;

const lastDateOf = (hour: SQL): SQL => sql`(c.local - make_interval(hours => ${hour}))::date`;

/** `isQuiet` of domain/reminder.ts, for the quiet hours of `p`. */
const isQuiet = (time: SQL): SQL => sql`(p.quiet_start is not null and case when p.quiet_start <= p.quiet_end
  then p.quiet_start <= ${time} and ${time} < p.quiet_end else p.quiet_start <= ${time} or ${time} < p.quiet_end end)`;

/** How one of the people `p` is told of a type. A mail goes to nobody who has not proven their address. */
export const channelsFor = (type: SQL): SQL => sql`array(
  select c.channel from (values ('in_app', true), ('push', p.has_device), ('email', p.is_verified)) as c (channel, is_possible)
  where c.is_possible and (p.channels -> ${type} ->> c.channel)::boolean)`;

/** After whom the next page begins; null after the last. */
export const nextPage = sql`(select case when count(*) = ${PEOPLE} then max(id) end from seen)`;

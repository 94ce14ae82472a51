import { type SQL, sql } from 'drizzle-orm';
import {
  type Channel,
  DEFAULT_CHANNELS,
  DEFAULT_HOURS,
  NotificationType,
  type PreferencesReplacement,
} from '../domain/preferences.ts';
import { type Answered, tagged } from './answer.ts';
import { type Db, statement } from './client.ts';
import { preferences } from './schema/notifications.ts';
import { actorId, type Who } from './who.ts';

const DEFAULTS = JSON.stringify(Object.fromEntries(NotificationType.options.map((type) => [type, DEFAULT_CHANNELS])));

/** To be joined to a user `u`: what they chose, if they chose. */
export const withChoice = sql`left join notifications_notificationpreference p on p.user_id = u.id`;

/** By type, with the defaults for whoever never chose and for what there was no choice of yet. */
export const channelsOf = sql`(${DEFAULTS}::jsonb || coalesce(p.channels, '{}'))`;

export const hourOf = (name: keyof typeof DEFAULT_HOURS): SQL =>
  sql`coalesce(p.${sql.identifier(name)}, ${DEFAULT_HOURS[name]}::int)`;

const hours = sql.join(
  (Object.keys(DEFAULT_HOURS) as (keyof typeof DEFAULT_HOURS)[]).map((name) => sql`${name}::text, ${hourOf(name)}`),
  sql`, `,
);

/** Of a time that is kept to the second, what a clock shows. */
const shown = (time: SQL): SQL => sql`left(${time}::text, 5)`;

/** Of a user `u` with their choice; the zone is the profile's, so it is the profile's version that moves. */
const oneChoice = (user_id: SQL): SQL => sql`
  select (${channelsOf} || jsonb_build_object(${hours}, 'quiet_start', ${shown(sql`p.quiet_start`)},
    'quiet_end', ${shown(sql`p.quiet_end`)}, 'timezone', coalesce(u.timezone, 'UTC')))::json as json, u.row_version, u.id as user_id
  from auth_user u ${withChoice} where u.id = ${user_id} and u.deleted_at is null`;

export const readPreferences = (db: Db, who: Who, known: string[]) =>
  statement<Answered>(db, tagged(oneChoice(actorId(who)), known, true));

export const preferencesWritten = (who: Who): SQL => tagged(oneChoice(actorId(who)), [], true);

export type FoundPreferences = { user_id: number; row_version: number; etag: string };

export const findPreferences = (db: Db, who: Who) =>
  statement<{ found: FoundPreferences }>(
    db,
    sql`select json_build_object('user_id', c.user_id, 'row_version', c.row_version, 'etag', tag.etag) as found
        from (${oneChoice(actorId(who))}) c, (${preferencesWritten(who)}) tag`,
  );

type Chosen = Omit<PreferencesReplacement, 'timezone'>;

export function setPreferences(db: Db, user_id: number, chosen: Chosen) {
  const channels = Object.fromEntries(NotificationType.options.map((type) => [type, chosen[type]]));
  const { task_due_soon_hour, task_overdue_hour, warranty_expiring_hour, daily_digest_hour } = chosen;
  const { quiet_start, quiet_end } = chosen;
  const values = {
    channels,
    task_due_soon_hour,
    task_overdue_hour,
    warranty_expiring_hour,
    daily_digest_hour,
    quiet_start,
    quiet_end,
  };
  return db
    .insert(preferences)
    .values({ user_id, ...values })
    .onConflictDoUpdate({ target: preferences.user_id, set: values });
}

export type FoundSwitch = { row_version: number; is_on: boolean };

/** Whether somebody is told of a type on a channel; no row if they are gone. */
export const findSwitch = (db: Db, { user_id, type, channel }: Switched) =>
  statement<{ found: FoundSwitch }>(
    db,
    sql`select json_build_object('row_version', u.row_version, 'is_on', (${channelsOf} -> ${type}::text ->> ${channel}::text)::boolean) as found
        from auth_user u ${withChoice} where u.id = ${user_id} and u.deleted_at is null`,
  );

type Switched = { user_id: number; type: NotificationType; channel: Channel };

/** Ends notifications of one type on one channel, and leaves all else as it is. */
export const switchOff = (db: Db, { user_id, type, channel }: Switched) =>
  statement(
    db,
    sql`insert into notifications_notificationpreference
          (user_id, channels, task_due_soon_hour, task_overdue_hour, warranty_expiring_hour, daily_digest_hour)
        select u.id, ${channelsOf} || jsonb_build_object(${type}::text, (${channelsOf} -> ${type}::text) || jsonb_build_object(${channel}::text, false)),
          ${hourOf('task_due_soon_hour')}, ${hourOf('task_overdue_hour')}, ${hourOf('warranty_expiring_hour')}, ${hourOf('daily_digest_hour')}
        from auth_user u ${withChoice} where u.id = ${user_id}
        on conflict (user_id) do update set channels = excluded.channels`,
  );

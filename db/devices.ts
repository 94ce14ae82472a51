import { type SQL, sql } from 'drizzle-orm';
import type { NewDevice } from '../domain/device.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { actorId, type Who } from './who.ts';

/** A device aliased `t` as the `json` that is answered; `Device` in domain/device.ts is its shape. */
const deviceJson = sql`(select row_to_json(x) from (select t.id, t.platform, t.token, t.environment, t.app_version, t.locale,
  t.name, hd_moment(t.created_at) as created_at, hd_moment(t.updated_at) as updated_at) x)`;

/** The caller's devices in the order they came, a page at a time. */
export const readDevices = (
  db: Db,
  who: Who,
  { limit, after }: { limit: number; after: number | null },
  known: string[],
) =>
  statement<Answered>(
    db,
    tagged(
      sql`
      with paged as (
        select d.*, row_number() over (order by d.id) as rank from notifications_device d
        where d.user_id = ${actorId(who)} and d.id > ${after ?? 0} order by d.id limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((select json_agg(${deviceJson} order by t.rank) from paged t where t.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.id)`, limit)})) as json`,
      known,
    ),
  );

const ownDevice = (who: Who, which: SQL): SQL => sql`
  select ${deviceJson} as json, t.row_version, t.user_id from notifications_device t where t.user_id = ${actorId(who)} and ${which}`;

export type FoundDevice = { user_id: number; row_version: number; etag: string };

export const findDevice = (db: Db, who: Who, id: number) =>
  statement<{ found: FoundDevice }>(
    db,
    sql`select json_build_object('user_id', d.user_id, 'row_version', d.row_version, 'etag', tag.etag) as found
        from (${ownDevice(who, sql`t.id = ${id}`)}) d, (${tagged(ownDevice(who, sql`t.id = ${id}`), [], true)}) tag`,
  );

type Token = Pick<NewDevice, 'platform' | 'token'>;

const ofToken = ({ platform, token }: Token): SQL => sql`t.platform = ${platform} and t.token = ${token}`;

/** Whether anybody has registered a token: it is a new device, or one that comes again. */
export const findToken = (db: Db, token: Token) =>
  statement<{ found: { is_known: boolean; row_version: number; etag: string } }>(
    db,
    sql`select json_build_object('is_known', exists (select from notifications_device t where ${ofToken(token)}),
          'row_version', 1, 'etag', '"1"') as found`,
  );

/** A token is one phone's: whoever acts has the phone now, whoever had it before. */
export const registerDevice = (db: Db, { now }: Who, device: NewDevice) =>
  statement(
    db,
    sql`insert into notifications_device (user_id, platform, token, environment, app_version, locale, name, registered_at)
        values (hd_me(), ${device.platform}, ${device.token}, ${device.environment}, ${device.app_version}, ${device.locale},
          ${device.name}, ${now})
        on conflict (platform, token) do update set user_id = excluded.user_id, environment = excluded.environment,
          app_version = excluded.app_version, locale = excluded.locale, name = excluded.name, registered_at = excluded.registered_at`,
  );

/** Leaves whoever acts the devices that they used last, so that no one notification goes to any number of them. */
export const deleteOldDevices = (db: Db, kept: number) =>
  statement(
    db,
    sql`delete from notifications_device where id in (
          select id from notifications_device where user_id = hd_me() order by registered_at desc, id desc offset ${kept})`,
  );

export const deviceIdOf = (token: Token): SQL => sql`(select t.id from notifications_device t where ${ofToken(token)})`;

export const deviceWritten = (who: Who, token: Token): SQL => tagged(ownDevice(who, ofToken(token)), [], true);

export const deleteDevice = (db: Db, id: number) =>
  statement(db, sql`delete from notifications_device where id = ${id} and user_id = hd_me()`);

export type Gone = { device_id: number; gone_since: string | null };

/** Takes out devices whose token is nobody's, unless their app has said since then that it is theirs. */
export const deleteGone = (db: Db, gone: Gone[]) =>
  statement(
    db,
    sql`delete from notifications_device d
        using jsonb_to_recordset(${JSON.stringify(gone)}::jsonb) as g (device_id bigint, gone_since timestamptz)
        where d.id = g.device_id and (g.gone_since is null or d.registered_at <= g.gone_since)`,
  );

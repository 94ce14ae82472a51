import { sql } from 'drizzle-orm';
import type { Bell } from '../domain/event.ts';
import type { Push } from '../domain/push.ts';
import { type Db, statement } from './client.ts';
import { bell } from './outbox.ts';
import { type Reminder, remindersOf } from './reminders.ts';

/**
 * Promises what was claimed to every device of its reader, with an event for each: what becomes of one says nothing of
 * the others. A promise is a unique row, so a second run adds nothing. What is for an iPhone waits for the origin.
 */
export const addressPushes = (db: Db, claim_ids: number[]) =>
  statement<{ bell: Bell }>(
    db,
    sql`
    with promised as (
      insert into notifications_delivery (event_id, channel, device_id, user_id, result)
      select o.id, 'push', d.id, d.user_id, 'waiting'
      from outbox o
      join notifications_reminder n on n.id = (o.event ->> 'reminder_id')::bigint
      join notifications_device d on d.user_id = n.user_id
      where o.id = any (${sql.param(claim_ids)}::bigint[])
      on conflict do nothing
      returning event_id as claim_id, device_id
    )
    insert into outbox (event, queue, request_id, traceparent)
    select jsonb_build_object('type', 'push.addressed', 'reminder_id', o.event -> 'reminder_id', 'claim_id', p.claim_id,
      'device_id', p.device_id), case d.platform when 'ios' then 'apns' else 'push' end, o.request_id, o.traceparent
    from promised p join outbox o on o.id = p.claim_id join notifications_device d on d.id = p.device_id
    order by p.claim_id, p.device_id
    returning ${bell} as bell`,
  );

export type AddressedPush = {
  reminder: Reminder;
  device: Pick<Push, 'platform' | 'token' | 'environment'>;
  unread_count: number;
};

/** What events of addressed pushes are to send. Nothing to a device that has it, or that is not its reader's any more. */
export const findPushes = (db: Db, event_ids: number[]) =>
  statement<{ event_id: string; found: AddressedPush }>(
    db,
    sql`
    select r.event_id, json_build_object('reminder', r.found, 'unread_count', u.count,
      'device', json_build_object('platform', d.platform, 'token', d.token, 'environment', d.environment)) as found
    from (${remindersOf(event_ids)}) r
    join outbox o on o.id = r.event_id
    join notifications_delivery v on v.event_id = (o.event ->> 'claim_id')::bigint and v.channel = 'push'
      and v.device_id = (o.event ->> 'device_id')::bigint and v.result not in ('sent', 'gone')
    join notifications_device d on d.id = v.device_id and d.user_id = v.user_id
    cross join lateral (
      select count(*) from notifications_notification n where n.user_id = v.user_id and n.read_at is null
    ) u`,
  );

/** One device's part of a claim. */
type Promised = { claim_id: number; device_id: number };

/** Takes back what was promised and is not to be sent any more. */
export const revokePushes = (db: Db, promised: Promised[]) =>
  statement(
    db,
    sql`delete from notifications_delivery v
        using jsonb_to_recordset(${JSON.stringify(promised)}::jsonb) as r (claim_id bigint, device_id bigint)
        where v.event_id = r.claim_id and v.channel = 'push' and v.device_id = r.device_id and v.result = 'waiting'`,
  );

import { sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

/** What became of messages is kept as long as the events that they were sent for. */
export const deleteOldDeliveries = (db: Db, limit: number) =>
  statement(
    db,
    sql`delete from notifications_delivery where (event_id, channel, device_id) in (
          select event_id, channel, device_id from notifications_delivery
          where at < now() - interval '30 days' order by at limit ${limit})`,
  );

/** What became of a message; `device_id` is 0 for a mail. */
export type Delivery = {
  event_id: number;
  channel: 'push' | 'email';
  device_id: number;
  user_id: number | null;
  result: 'sent' | 'uncertain' | 'refused' | 'gone' | 'suppressed';
  message_id: string | null;
  error: string | null;
};

/** The last try of an event is what became of it. Whoever is erased meanwhile leaves no name. */
export const noteDeliveries = (db: Db, deliveries: Delivery[]) =>
  statement(
    db,
    sql`insert into notifications_delivery (event_id, channel, device_id, user_id, result, message_id, error)
        select d.event_id, d.channel, d.device_id, u.id, d.result, d.message_id, d.error
        from jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb) as d (event_id bigint, channel text, device_id bigint,
          user_id bigint, result text, message_id text, error text)
        left join auth_user u on u.id = d.user_id
        on conflict (event_id, channel, device_id) do update
          set result = excluded.result, message_id = excluded.message_id, error = excluded.error, at = now()`,
  );

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

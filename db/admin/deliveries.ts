import { sql } from 'drizzle-orm';
import type { DeliveriesQuery } from '../../domain/admin/delivery.ts';
import type { Source } from './list.ts';

/** Of a delivery aliased `t`; `Delivery` in domain/admin/delivery.ts is its shape. */
export const deliveryFields = sql`t.event_id, (select o.event ->> 'type' from outbox o where o.id = t.event_id) as type, t.channel,
  t.device_id, t.user_id, t.result, t.message_id, t.error, hd_moment(t.at) as at`;

export const deliveries: Source<DeliveriesQuery> = {
  from: sql`notifications_delivery`,
  row: deliveryFields,
  // Of one event there is one push to a device and one mail.
  id: sql`(t.event_id * 2 + (t.channel = 'push')::int)`,
  sorts: { at: { by: sql`t.at`, kind: 'moment' } },
  filters: {
    user_id: (id) => sql`t.user_id = ${id}`,
    channel: (channel) => sql`t.channel = ${channel}`,
    result: (result) => sql`t.result = ${result}`,
  },
};

import * as z from 'zod';
import { idFilter, listQuery } from './list.ts';

const Channel = z.enum(['push', 'email']);
const Result = z.enum(['waiting', 'sent', 'uncertain', 'refused', 'gone', 'suppressed']);

/** What became of a mail or a push. */
export const Delivery = z
  .object({
    event_id: z.int(),
    type: z.string().nullable().describe('Of the event; null once that is forgotten'),
    channel: Channel,
    device_id: z.int().describe('0 for a mail'),
    user_id: z.int().nullable(),
    result: Result,
    message_id: z.string().nullable(),
    error: z.string().nullable(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'AdminDelivery' });

export const DeliveriesQuery = listQuery(['-at', 'at'], {
  user_id: idFilter(),
  channel: Channel.optional(),
  result: Result.optional(),
});
export type DeliveriesQuery = z.infer<typeof DeliveriesQuery>;

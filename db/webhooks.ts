import { sql } from 'drizzle-orm';
import type { BillingEvent } from '../domain/billing.ts';
import { type Db, statement } from './client.ts';

/** The id that this batch's insert has just drawn. */
export const newWebhookId = sql`currval('webhook_event_log_id_seq')`;

/** A plain insert: a second delivery breaks the unique key and with it the whole batch. */
export const addWebhook = (db: Db, event: BillingEvent) =>
  statement(
    db,
    sql`insert into webhook_event_log (provider, event_id, type, payload)
        values (${event.provider}, ${event.event_id}, ${event.type}, ${JSON.stringify(event)}::jsonb)`,
  );

/** What has not been handled yet. */
export const findWebhook = (db: Db, id: number) =>
  statement<{ found: BillingEvent }>(
    db,
    sql`select payload as found from webhook_event_log where id = ${id} and handled_at is null`,
  );

export const endWebhook = (db: Db, id: number) =>
  statement(db, sql`update webhook_event_log set handled_at = now() where id = ${id} and handled_at is null`);

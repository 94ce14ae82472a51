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

/** Of what these events name, what has not been handled yet. */
export const findWebhooks = (db: Db, event_ids: number[]) =>
  statement<{ event_id: string; found: BillingEvent }>(
    db,
    sql`select o.id as event_id, w.payload as found
        from outbox o join webhook_event_log w on w.id = (o.event ->> 'webhook_id')::bigint and w.handled_at is null
        where o.id = any (${sql.param(event_ids)}::bigint[])`,
  );

export const endWebhook = (db: Db, id: number) =>
  statement(db, sql`update webhook_event_log set handled_at = now() where id = ${id} and handled_at is null`);

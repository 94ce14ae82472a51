import { sql } from 'drizzle-orm';
import type { BillingEvent } from '../domain/billing.ts';
import type { MailReport } from '../domain/mail-report.ts';
import { type Db, statement } from './client.ts';

/** The id that this batch's insert has just drawn. */
export const newWebhookId = sql`currval('webhook_event_log_id_seq')`;

export type Webhook = BillingEvent | MailReport;

/** A plain insert: a second delivery breaks the unique key and with it the whole batch. */
export const addWebhook = (db: Db, event: Webhook) =>
  statement(
    db,
    sql`insert into webhook_event_log (provider, event_id, type, payload)
        values (${event.provider}, ${event.event_id}, ${event.type}, ${JSON.stringify(event)}::jsonb)`,
  );

/** Of what these events name, what has not been handled yet. */
export const findWebhooks = <W extends Webhook>(db: Db, event_ids: number[]) =>
  statement<{ event_id: string; found: W }>(
    db,
    sql`select o.id as event_id, w.payload as found
        from outbox o join webhook_event_log w on w.id = (o.event ->> 'webhook_id')::bigint and w.handled_at is null
        where o.id = any (${sql.param(event_ids)}::bigint[])`,
  );

export const endWebhook = (db: Db, id: number) =>
  statement(db, sql`update webhook_event_log set handled_at = now() where id = ${id} and handled_at is null`);

/** For so long a message is known again; whoever signs one lets it be too old before that. */
export const deleteOldWebhooks = (db: Db, limit: number) =>
  statement(
    db,
    sql`delete from webhook_event_log where id in (
          select id from webhook_event_log where handled_at < now() - interval '90 days' order by handled_at limit ${limit})`,
  );

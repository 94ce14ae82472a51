import { sql } from 'drizzle-orm';
import { statement } from '../../db/client.ts';
import { isViolationOf } from '../../db/errors.ts';
import { enterAnonymously } from '../../db/guard.ts';
import { addEvent } from '../../db/outbox.ts';
import { addWebhook, newWebhookId } from '../../db/webhooks.ts';
import type { BillingEvent } from '../../domain/billing.ts';
import type { Received } from '../../domain/subscription.ts';
import { write } from '../commit.ts';
import type { Asking } from '../ports.ts';

/** Keeps what a store tells, once, and leaves the work to a job: a store does not wait long. */
export async function receiveWebhook(ctx: Asking, event: BillingEvent): Promise<Received> {
  const { db } = ctx;
  try {
    await write(ctx, enterAnonymously(db, ctx), [
      addWebhook(db, event),
      addEvent(db, { type: 'webhook.received', webhook_id: newWebhookId }, ctx),
      statement(db, sql`select null::text as body, null::text as etag`),
    ]);
  } catch (error) {
    if (!isViolationOf('webhook_event_log_event_key', error)) throw error;
  }
  return { received: true };
}

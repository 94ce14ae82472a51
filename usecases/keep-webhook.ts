import { statement } from '../db/client.ts';
import { isViolationOf } from '../db/errors.ts';
import { enterAnonymously } from '../db/guard.ts';
import { addEvent } from '../db/outbox.ts';
import { addWebhook, newWebhookId, type Webhook } from '../db/webhooks.ts';
import { NO_ANSWER, write } from './commit.ts';
import type { Asking } from './ports.ts';

/** Keeps what somebody tells us, once, with the event whose job does the work: whoever tells does not wait long. */
export async function keepWebhook(
  ctx: Asking,
  type: 'webhook.received' | 'mail.reported',
  webhook: Webhook,
): Promise<void> {
  const { db } = ctx;
  try {
    await write(ctx, enterAnonymously(db, ctx), [
      addWebhook(db, webhook),
      addEvent(db, { type, webhook_id: newWebhookId }, ctx),
      statement(db, NO_ANSWER),
    ]);
  } catch (error) {
    if (!isViolationOf('webhook_event_log_event_key', error)) throw error;
  }
}

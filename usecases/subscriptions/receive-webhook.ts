import type { BillingEvent } from '../../domain/billing.ts';
import type { Received } from '../../domain/subscription.ts';
import { keepWebhook } from '../keep-webhook.ts';
import type { Asking } from '../ports.ts';

/** Keeps what a store tells, once, and leaves the work to a job. */
export async function receiveWebhook(ctx: Asking, event: BillingEvent): Promise<Received> {
  await keepWebhook(ctx, 'webhook.received', event);
  return { received: true };
}

import * as z from 'zod';
import type { BillingEvent } from '../../domain/billing.ts';

const Text = z.string().min(1).max(2048);
/** Google writes a 64-bit integer as a string, or not. */
const Millis = z.coerce.number().int().nonnegative().max(8.64e15);

/** Real-time developer notification: one of its parts, by kind. */
export const DeveloperNotification = z.object({
  packageName: z.string(),
  eventTimeMillis: Millis,
  subscriptionNotification: z.object({ notificationType: z.int(), purchaseToken: Text }).optional(),
  oneTimeProductNotification: z.object({ notificationType: z.int() }).optional(),
  voidedPurchaseNotification: z.object({ purchaseToken: Text, productType: z.int().optional() }).optional(),
  testNotification: z.object({}).optional(),
});
type DeveloperNotification = z.infer<typeof DeveloperNotification>;

const VOIDED_SUBSCRIPTION = 1;

export function toEvent(event_id: string, notification: DeveloperNotification): BillingEvent {
  return {
    provider: 'google',
    event_id,
    ...subjectOf(notification),
    environment: null,
    occurred_at: new Date(notification.eventTimeMillis).toISOString(),
    purchase: null,
  };
}

function subjectOf(notification: DeveloperNotification): Pick<BillingEvent, 'type' | 'transaction_id'> {
  const { subscriptionNotification: subscription, voidedPurchaseNotification: voided } = notification;
  if (subscription) {
    const { notificationType: type, purchaseToken } = subscription;
    return { type: SUBSCRIPTION_TYPES[type] ?? `SUBSCRIPTION_${type}`, transaction_id: purchaseToken };
  }
  if (voided) {
    const isSubscription = voided.productType === VOIDED_SUBSCRIPTION;
    return { type: 'VOIDED_PURCHASE', transaction_id: isSubscription ? voided.purchaseToken : null };
  }
  return { type: notification.testNotification ? 'TEST' : 'OTHER', transaction_id: null };
}

const SUBSCRIPTION_TYPES: Record<number, string> = {
  1: 'SUBSCRIPTION_RECOVERED',
  2: 'SUBSCRIPTION_RENEWED',
  3: 'SUBSCRIPTION_CANCELED',
  4: 'SUBSCRIPTION_PURCHASED',
  5: 'SUBSCRIPTION_ON_HOLD',
  6: 'SUBSCRIPTION_IN_GRACE_PERIOD',
  7: 'SUBSCRIPTION_RESTARTED',
  8: 'SUBSCRIPTION_PRICE_CHANGE_CONFIRMED',
  9: 'SUBSCRIPTION_DEFERRED',
  10: 'SUBSCRIPTION_PAUSED',
  11: 'SUBSCRIPTION_PAUSE_SCHEDULE_CHANGED',
  12: 'SUBSCRIPTION_REVOKED',
  13: 'SUBSCRIPTION_EXPIRED',
  17: 'SUBSCRIPTION_ITEMS_CHANGED',
  18: 'SUBSCRIPTION_CANCELLATION_SCHEDULED',
  19: 'SUBSCRIPTION_PRICE_CHANGE_UPDATED',
  20: 'SUBSCRIPTION_PENDING_PURCHASE_CANCELED',
  22: 'SUBSCRIPTION_PRICE_STEP_UP_CONSENT_UPDATED',
};

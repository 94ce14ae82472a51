import type { Db, Statement } from '../../db/client.ts';
import { bindToHeir, endReplaced, keepPurchase, lockUser, ownerOf } from '../../db/purchases.ts';
import { settleAndTell } from '../../db/subscriptions.ts';
import { endWebhook, findWebhooks } from '../../db/webhooks.ts';
import type { BillingEvent, Purchase } from '../../domain/billing.ts';
import type { Event } from '../../domain/event.ts';
import { storeOf } from '../../usecases/subscriptions/store-of.ts';
import type { Job } from '../job.ts';

/** A day of tries. */
const MAX_ATTEMPTS = 32;

type WebhookReceived = Extract<Event, { type: 'webhook.received' }>;

/**
 * Applies what a store told: how the purchase stands now, and what its owner has of it. A purchase that is nobody's yet
 * is kept until somebody shows it. One that was handled is not found.
 */
export const applyWebhook: Job<WebhookReceived, BillingEvent, Purchase | null> = {
  policy: { max_attempts: MAX_ATTEMPTS },
  read: findWebhooks<BillingEvent>,
  /** Google and Stripe only say that something has changed: how it stands is read from them. */
  async act({ stores, now }, { purchase, provider, transaction_id }) {
    if (purchase || transaction_id === null || provider === 'apple') return purchase;
    return await storeOf(stores, provider).readPurchase(transaction_id, now());
  },
  effects: (db, done) =>
    done
      .filter(({ found }) => found !== null)
      .flatMap(({ event, outcome }) => [...(outcome ? apply(db, outcome) : []), endWebhook(db, event.webhook_id)]),
};

function apply(db: Db, purchase: Purchase): Statement[] {
  const owner = ownerOf(purchase);
  return [
    keepPurchase(db, purchase),
    ...(purchase.replaces === null ? [] : [endReplaced(db, purchase)]),
    bindToHeir(db, purchase),
    lockUser(db, owner),
    settleAndTell(db, owner),
  ];
}

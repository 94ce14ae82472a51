import type { Statement } from '../../db/client.ts';
import { bindToHeir, endReplaced, keepPurchase, lockUser, ownerOf } from '../../db/purchases.ts';
import { settleAndTell } from '../../db/subscriptions.ts';
import { endWebhook, findWebhook } from '../../db/webhooks.ts';
import type { BillingEvent, Purchase } from '../../domain/billing.ts';
import type { Worker } from '../../usecases/ports.ts';
import { storeOf } from '../../usecases/subscriptions/store-of.ts';

/**
 * Applies what a store told: how the purchase stands now, and what its owner has of it. A purchase that is nobody's yet
 * is kept until somebody shows it.
 */
export async function applyWebhook(worker: Worker, webhook_id: number): Promise<Statement[]> {
  const { db } = worker;
  const { rows } = await findWebhook(db, webhook_id);
  const event = rows[0]?.found;
  if (!event) return []; // somebody was faster
  const purchase = event.purchase ?? (await readPurchase(worker, event));
  return [...(purchase ? apply(worker, purchase) : []), endWebhook(db, webhook_id)];
}

/** Google and Stripe only say that something has changed. */
async function readPurchase({ stores, now }: Worker, event: BillingEvent): Promise<Purchase | null> {
  const { provider, transaction_id } = event;
  if (transaction_id === null || provider === 'apple') return null;
  return await storeOf(stores, provider).readPurchase(transaction_id, now());
}

function apply({ db }: Worker, purchase: Purchase): Statement[] {
  const owner = ownerOf(purchase);
  return [
    keepPurchase(db, purchase),
    ...(purchase.replaces === null ? [] : [endReplaced(db, purchase)]),
    bindToHeir(db, purchase),
    lockUser(db, owner),
    settleAndTell(db, owner),
  ];
}

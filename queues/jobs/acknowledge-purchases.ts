import { findActive } from '../../db/purchases.ts';
import type { Worker } from '../../usecases/ports.ts';
import { storeOf } from '../../usecases/subscriptions/store-of.ts';

const GIVING = ['active', 'grace'];

/** Tells the Play Store that we have given what was bought; else it takes the money back after three days. */
export async function acknowledgePurchases({ db, stores, now }: Worker, user_id: number) {
  const { rows } = await findActive(db, user_id, 'google');
  for (const { found } of rows) {
    const google = storeOf(stores, 'google');
    const purchase = await google.readPurchase(found, now());
    if (purchase?.needs_acknowledgement && GIVING.includes(purchase.status)) await google.acknowledge(purchase, now());
  }
}

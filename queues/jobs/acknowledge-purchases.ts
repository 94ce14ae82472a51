import { findActive } from '../../db/purchases.ts';
import type { Event } from '../../domain/event.ts';
import { storeOf } from '../../usecases/subscriptions/store-of.ts';
import type { Job } from '../job.ts';

/** Two days of tries: the Play Store takes the money back after three. */
const MAX_ATTEMPTS = 56;
const GIVING = ['active', 'grace'];

/** Tells the Play Store that we have given what was bought. Told twice it says yes twice. */
export const acknowledgePurchases: Job<Event, string[], void> = {
  policy: { max_attempts: MAX_ATTEMPTS },
  read: (db, event_ids) => findActive(db, event_ids, 'google'),
  async act({ stores, now }, transaction_ids) {
    for (const transaction_id of transaction_ids) {
      const google = storeOf(stores, 'google');
      const purchase = await google.readPurchase(transaction_id, now());
      if (purchase?.needs_acknowledgement && GIVING.includes(purchase.status))
        await google.acknowledge(purchase, now());
    }
  },
};

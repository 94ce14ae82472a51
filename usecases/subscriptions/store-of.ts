import type { Stores } from '../../domain/billing.ts';
import { AppError } from '../../domain/errors.ts';

const RETRY_AFTER_S = 300;

/** The store, if this release was told about it. */
export function storeOf<P extends keyof Stores>(stores: Stores, platform: P): NonNullable<Stores[P]> {
  const store = stores[platform];
  if (store) return store;
  throw new AppError('billing_unavailable', 'Nothing can be bought here for now.', { retry_after_s: RETRY_AFTER_S });
}

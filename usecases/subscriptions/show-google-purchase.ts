import { AppError } from '../../domain/errors.ts';
import type { GooglePurchase } from '../../domain/subscription.ts';
import { ask } from '../ask.ts';
import type { Context } from '../ports.ts';
import { span } from '../span.ts';
import { storeOf } from './store-of.ts';
import { takePurchase } from './take-purchase.ts';

/** A token proves nothing by itself: the Play Store is asked, and for nobody who is not signed in. */
export async function showGooglePurchase(ctx: Context, { purchase_token, product_id }: GooglePurchase) {
  const google = storeOf(ctx.stores, 'google');
  await ask<[]>(ctx);
  const purchase = await span(ctx, 'google', () => google.readPurchase(purchase_token, ctx.who.now));
  if (!purchase) throw new AppError('purchase_invalid', 'The Play Store knows no such purchase.');
  if (product_id && product_id !== purchase.product_id) {
    throw new AppError('purchase_invalid', 'This purchase is of another product.');
  }
  return await takePurchase(ctx, purchase);
}

import type { ApplePurchase } from '../../domain/subscription.ts';
import type { Context } from '../ports.ts';
import { span } from '../span.ts';
import { storeOf } from './store-of.ts';
import { takePurchase } from './take-purchase.ts';

/** What the App Store has signed is believed without asking it. */
export async function showApplePurchase(ctx: Context, { signed_transaction }: ApplePurchase) {
  const apple = storeOf(ctx.stores, 'apple');
  return await takePurchase(
    ctx,
    await span(ctx, 'apple', () => apple.verifyTransaction(signed_transaction, ctx.who.now)),
  );
}

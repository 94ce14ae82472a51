import { findBuyer } from '../../db/subscriptions.ts';
import { AppError } from '../../domain/errors.ts';
import type { Portal } from '../../domain/subscription.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { span } from '../span.ts';
import { pageOpened, requestKey, returnTo } from './billing-page.ts';
import { storeOf } from './store-of.ts';

/** A page of Stripe's on which to change or end what was bought there. */
export async function openPortal(ctx: Context, input: Portal) {
  const stripe = storeOf(ctx.stores, 'stripe');
  const return_url = returnTo(ctx, 'return_url', input.return_url);
  return await change(ctx, {
    find: () => findBuyer(ctx.db, ctx.who),
    async decide({ user_id, customer_ref }) {
      if (customer_ref === null) throw new AppError('not_found', 'You have bought nothing by way of Stripe.');
      const portal = { customer_ref, return_url };
      const { url } = await span(ctx, 'stripe', async () =>
        stripe.createPortal({ ...portal, idempotency_key: requestKey(ctx, portal) }),
      );
      return pageOpened(user_id, url);
    },
  });
}

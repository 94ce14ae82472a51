import { findBuyer } from '../../db/subscriptions.ts';
import { AppError, invalid } from '../../domain/errors.ts';
import type { Checkout } from '../../domain/subscription.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { span } from '../span.ts';
import { pageOpened, requestKey, returnTo } from './billing-page.ts';
import { storeOf } from './store-of.ts';

/** A page of Stripe's on which to buy; not for who has pro from somewhere already. */
export async function openCheckout(ctx: Context, input: Checkout) {
  const stripe = storeOf(ctx.stores, 'stripe');
  const price_id = input.price_id ?? stripe.price_ids[0];
  if (!stripe.price_ids.includes(price_id)) throw invalid('price_id', 'There is no such price.');
  const pages = {
    success_url: returnTo(ctx, 'success_url', input.success_url),
    cancel_url: returnTo(ctx, 'cancel_url', input.cancel_url),
  };
  return await change(ctx, {
    find: () => findBuyer(ctx.db, ctx.who),
    async decide({ user_id, email, customer_ref, active_on }) {
      if (active_on) throw new AppError('subscribed_elsewhere', `You are subscribed already, by way of ${active_on}.`);
      // The trial was given on the day of registering.
      const checkout = { account_ref: `${user_id}`, price_id, customer_ref, email, trial_days: null, ...pages };
      const { url } = await span(ctx, 'stripe', async () =>
        stripe.createCheckout({ ...checkout, idempotency_key: requestKey(ctx, checkout) }),
      );
      return pageOpened(user_id, url);
    },
  });
}

import * as z from 'zod';
import type { Purchase } from '../../domain/billing.ts';

const Seconds = z.int().nonnegative().max(8.64e12);

const Item = z.object({ current_period_end: Seconds, price: z.object({ id: z.string() }) });

/** GET /v1/subscriptions/:id, as far as it matters here. */
export const StripeSubscription = z.object({
  id: z.string(),
  status: z.enum([
    'incomplete',
    'incomplete_expired',
    'trialing',
    'active',
    'past_due',
    'canceled',
    'unpaid',
    'paused',
  ]),
  livemode: z.boolean(),
  cancel_at_period_end: z.boolean(),
  cancel_at: Seconds.nullable(),
  ended_at: Seconds.nullable(),
  customer: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
  metadata: z.record(z.string(), z.string()),
  items: z.object({ data: z.tuple([Item], Item) }),
});
type StripeSubscription = z.infer<typeof StripeSubscription>;

const STATUS: Record<StripeSubscription['status'], Purchase['status']> = {
  incomplete: 'pending',
  incomplete_expired: 'expired',
  trialing: 'active',
  active: 'active',
  past_due: 'grace', // Stripe tries the card again, and ends it if all tries fail
  canceled: 'expired',
  unpaid: 'expired',
  paused: 'expired',
};

export function toPurchase(subscription: StripeSubscription, now: string): Purchase {
  const { id, status, livemode, cancel_at_period_end, cancel_at, ended_at, customer, metadata, items } = subscription;
  const [first] = items.data;
  const ends_s = ended_at ?? cancel_at ?? Math.max(...items.data.map((item) => item.current_period_end));
  return {
    platform: 'stripe',
    transaction_id: id,
    product_id: first.price.id,
    status: STATUS[status],
    expires_at: new Date(ends_s * 1000).toISOString(),
    auto_renew: !cancel_at_period_end && cancel_at === null && ended_at === null,
    environment: livemode ? 'production' : 'sandbox',
    account_ref: metadata.user_id ?? null,
    customer_ref: customer,
    replaces: null,
    needs_acknowledgement: false,
    as_of: new Date(now).toISOString(),
  };
}

import * as z from 'zod';
import type { BillingEvent, NewCheckout, NewPortal, Purchase, Stripe } from '../../domain/billing.ts';
import { askStore, storeUnavailable } from './ask-store.ts';
import { type StripeEvent, verifyStripe } from './stripe-signature.ts';
import { StripeSubscription, toPurchase } from './stripe-subscription.ts';

/** The shape of the answers is this version's, whatever the account's own is. */
const STRIPE_VERSION = '2026-10-28.endive';
const NO_SUCH_SUBSCRIPTION = [404];

export type StripeOptions = {
  /** A restricted key is enough: Checkout Sessions and Customer Portal write, Subscriptions read. */
  secret_key: string;
  /** Of the webhook's endpoint; two while one is rotated. */
  webhook_secrets: readonly string[];
  /** `https://api.stripe.com` */
  api_url: string;
};

const Checkout = z.object({ id: z.string(), url: z.url(), expires_at: z.int().nonnegative().max(8.64e12) });
const Portal = z.object({ url: z.url() });

/** Stripe, by four calls of its API: its own client is 238 KiB. */
export function stripe(options: StripeOptions): Stripe {
  return {
    verifyEvent: async (body, signature, now) =>
      toEvent(await verifyStripe(body, signature, options.webhook_secrets, now)),
    async readPurchase(id, now): Promise<Purchase | null> {
      if (!/^sub_\w{1,250}$/.test(id)) return null;
      const url = `${options.api_url}/v1/subscriptions/${id}`;
      const init = { headers: headersOf(options) };
      const found = await askStore({ url, init, answer: StripeSubscription, unknown: NO_SUCH_SUBSCRIPTION });
      return found && toPurchase(found, now);
    },
    async createCheckout(checkout) {
      const form = checkoutForm(checkout);
      const { id, url, expires_at } = await post(
        options,
        'checkout/sessions',
        form,
        checkout.idempotency_key,
        Checkout,
      );
      return { id, url, expires_at: moment(expires_at) };
    },
    createPortal: ({ customer_ref, return_url, idempotency_key }: NewPortal) =>
      post(options, 'billing_portal/sessions', { customer: customer_ref, return_url }, idempotency_key, Portal),
  };
}

/** `user_id` goes on the subscription itself: every later event and read tells whose it is. */
function checkoutForm(checkout: NewCheckout): Record<string, string> {
  const { account_ref, price_id, customer_ref, email, trial_days, success_url, cancel_url } = checkout;
  return {
    mode: 'subscription',
    'line_items[0][price]': price_id,
    'line_items[0][quantity]': '1',
    client_reference_id: account_ref,
    'subscription_data[metadata][user_id]': account_ref,
    success_url,
    cancel_url,
    ...(trial_days !== null && { 'subscription_data[trial_period_days]': `${trial_days}` }),
    ...(customer_ref !== null ? { customer: customer_ref } : email !== null && { customer_email: email }),
  };
}

async function post<T>(
  options: StripeOptions,
  path: string,
  form: Record<string, string>,
  idempotency_key: string,
  answer: z.ZodType<T>,
): Promise<T> {
  const url = `${options.api_url}/v1/${path}`;
  const headers = { ...headersOf(options), 'idempotency-key': idempotency_key };
  const made = await askStore({ url, init: { method: 'POST', headers, body: new URLSearchParams(form) }, answer });
  if (made === null) throw storeUnavailable(new Error(`${url} answered nothing.`));
  return made;
}

const headersOf = ({ secret_key }: StripeOptions): Record<string, string> => ({
  authorization: `Bearer ${secret_key}`,
  'stripe-version': STRIPE_VERSION,
});

function toEvent({ id, type, created, livemode, data }: StripeEvent): BillingEvent {
  const { object, id: object_id, subscription, parent } = data.object;
  const own_id = object === 'subscription' ? object_id : undefined;
  return {
    provider: 'stripe',
    event_id: id,
    type,
    transaction_id: own_id ?? subscription ?? parent?.subscription_details?.subscription ?? null,
    environment: livemode ? 'production' : 'sandbox',
    occurred_at: moment(created),
    purchase: null,
  };
}

const moment = (s: number): string => new Date(s * 1000).toISOString();

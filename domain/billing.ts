import * as z from 'zod';

export const Platform = z.enum(['apple', 'google', 'stripe']);
export type Platform = z.infer<typeof Platform>;

export const StoreEnvironment = z.enum(['production', 'sandbox']);
export type StoreEnvironment = z.infer<typeof StoreEnvironment>;

/** A subscription as its store knows it. Access is given while `active` or `grace`. */
export const Purchase = z.object({
  platform: Platform,
  /** Stays the same over renewals: Apple's originalTransactionId, Google's purchase token, Stripe's subscription id. */
  transaction_id: z.string(),
  /** Stripe: the price's id. */
  product_id: z.string(),
  status: z.enum(['active', 'grace', 'expired', 'revoked', 'pending']),
  /** Null: never. */
  expires_at: z.iso.datetime().nullable(),
  /** Null: not told. */
  auto_renew: z.boolean().nullable(),
  environment: StoreEnvironment,
  /** Whom the client named when buying: appAccountToken, obfuscatedExternalAccountId, metadata.user_id. */
  account_ref: z.string().nullable(),
  /** Stripe's customer, whom a portal or a further checkout is for. */
  customer_ref: z.string().nullable(),
  /** Google: the transaction_id of the purchase that this one continues; it must give no access any more. */
  replaces: z.string().nullable(),
  /** Google takes the money back if nobody acknowledges a purchase within three days. */
  needs_acknowledgement: z.boolean(),
  /** When the store said so. What is older never overwrites what is newer. */
  as_of: z.iso.datetime(),
});
export type Purchase = z.infer<typeof Purchase>;

/** What a store tells of its own accord, after its signature was verified. */
export const BillingEvent = z.object({
  provider: Platform,
  /** Unique within the provider; a repeated delivery has the same. */
  event_id: z.string(),
  /** In the provider's own words. */
  type: z.string(),
  /** Null if it is of no subscription. */
  transaction_id: z.string().nullable(),
  /** Null: not told. */
  environment: StoreEnvironment.nullable(),
  occurred_at: z.iso.datetime(),
  /** What the event itself proves; null if it has to be read from the store. */
  purchase: Purchase.nullable(),
});
export type BillingEvent = z.infer<typeof BillingEvent>;

type Body = Uint8Array<ArrayBuffer>;

/** `verify…` throws `invalid_signature`, what a client sent `purchase_invalid`; all that asks may throw `billing_unavailable`. */
export type AppStore = {
  /** StoreKit 2's `jwsRepresentation`, as a client sends it. Asks nobody. */
  verifyTransaction(jws: string, now: string): Promise<Purchase>;
  /** App Store Server Notifications V2. */
  verifyNotification(body: Body, now: string): Promise<BillingEvent>;
  /** Null if there is no such purchase. Absent without a key of the App Store Server API. */
  readPurchase?(transaction_id: string, environment: StoreEnvironment, now: string): Promise<Purchase | null>;
};

export type PlayStore = {
  /** Real-time developer notifications, pushed by Pub/Sub. */
  verifyNotification(authorization: string | undefined, body: Body, now: string): Promise<BillingEvent>;
  /** By purchase token; null if there is no such purchase. */
  readPurchase(transaction_id: string, now: string): Promise<Purchase | null>;
  acknowledge(purchase: Pick<Purchase, 'transaction_id' | 'product_id'>, now: string): Promise<void>;
};

export type NewCheckout = {
  /** Comes back as the purchase's account_ref. */
  account_ref: string;
  price_id: string;
  /** A customer from before, else the address to fill in. */
  customer_ref: string | null;
  email: string | null;
  trial_days: number | null;
  success_url: string;
  cancel_url: string;
  idempotency_key: string;
};

export type NewPortal = { customer_ref: string; return_url: string; idempotency_key: string };

export type Stripe = {
  verifyEvent(body: Body, signature: string | undefined, now: string): Promise<BillingEvent>;
  /** By subscription id; null if there is no such subscription. */
  readPurchase(transaction_id: string, now: string): Promise<Purchase | null>;
  createCheckout(checkout: NewCheckout): Promise<{ id: string; url: string; expires_at: string }>;
  createPortal(portal: NewPortal): Promise<{ url: string }>;
};

/** Where the pro tier can be bought; null is a store that this release was not told about. */
export type Stores = {
  apple: AppStore | null;
  google: PlayStore | null;
  /** With the prices that may be bought, the usual one first. */
  stripe: (Stripe & { price_ids: readonly [string, ...string[]] }) | null;
};

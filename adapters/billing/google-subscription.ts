import * as z from 'zod';
import type { Purchase } from '../../domain/billing.ts';

/** With any number of decimals, as Google writes it; kept in milliseconds. */
const Moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
const Text = z.string().min(1).max(2048);
const Accounts = z.object({ obfuscatedExternalAccountId: Text.optional() });

/** purchases.subscriptionsv2, as far as it matters here. */
export const Subscription = z.object({
  subscriptionState: z.enum([
    'SUBSCRIPTION_STATE_PENDING',
    'SUBSCRIPTION_STATE_ACTIVE',
    'SUBSCRIPTION_STATE_PAUSED',
    'SUBSCRIPTION_STATE_IN_GRACE_PERIOD',
    'SUBSCRIPTION_STATE_ON_HOLD',
    'SUBSCRIPTION_STATE_CANCELED',
    'SUBSCRIPTION_STATE_EXPIRED',
    'SUBSCRIPTION_STATE_PENDING_PURCHASE_CANCELED',
  ]),
  lineItems: z
    .array(
      z.object({
        productId: Text,
        expiryTime: Moment.optional(),
        autoRenewingPlan: z.object({ autoRenewEnabled: z.boolean().optional() }).optional(),
      }),
    )
    .min(1)
    .max(50),
  linkedPurchaseToken: Text.optional(),
  acknowledgementState: z.string().optional(),
  testPurchase: z.object({}).optional(),
  externalAccountIdentifiers: Accounts.optional(),
  /** Bought again in the Play Store's own pages: who it was is told of the purchase before. */
  outOfAppPurchaseContext: z
    .object({ expiredPurchaseToken: Text.optional(), expiredExternalAccountIdentifiers: Accounts.optional() })
    .optional(),
});
type Subscription = z.infer<typeof Subscription>;

/** Google never says `revoked`: what was refunded has expired. */
const STATUS: Record<Subscription['subscriptionState'], Purchase['status']> = {
  SUBSCRIPTION_STATE_PENDING: 'pending',
  SUBSCRIPTION_STATE_ACTIVE: 'active',
  SUBSCRIPTION_STATE_PAUSED: 'expired',
  SUBSCRIPTION_STATE_IN_GRACE_PERIOD: 'grace',
  SUBSCRIPTION_STATE_ON_HOLD: 'expired',
  SUBSCRIPTION_STATE_CANCELED: 'active', // until what was paid for ends
  SUBSCRIPTION_STATE_EXPIRED: 'expired',
  SUBSCRIPTION_STATE_PENDING_PURCHASE_CANCELED: 'expired',
};

export function toPurchase(token: string, subscription: Subscription, now: string): Purchase {
  const { subscriptionState, lineItems, outOfAppPurchaseContext: outside } = subscription;
  const item = lineItems.reduce((last, next) => ((next.expiryTime ?? '') > (last.expiryTime ?? '') ? next : last));
  const status = STATUS[subscriptionState];
  const isOver = status === 'active' && (item.expiryTime ?? '') <= new Date(now).toISOString();
  const accounts = subscription.externalAccountIdentifiers ?? outside?.expiredExternalAccountIdentifiers;
  return {
    platform: 'google',
    transaction_id: token,
    product_id: item.productId,
    status: isOver ? 'expired' : status,
    expires_at: item.expiryTime ?? null,
    auto_renew: item.autoRenewingPlan?.autoRenewEnabled ?? false,
    environment: subscription.testPurchase ? 'sandbox' : 'production',
    account_ref: accounts?.obfuscatedExternalAccountId ?? null,
    customer_ref: null,
    replaces: subscription.linkedPurchaseToken ?? outside?.expiredPurchaseToken ?? null,
    needs_acknowledgement: subscription.acknowledgementState === 'ACKNOWLEDGEMENT_STATE_PENDING',
    as_of: new Date(now).toISOString(),
  };
}

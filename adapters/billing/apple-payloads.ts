import * as z from 'zod';
import type { Purchase, StoreEnvironment } from '../../domain/billing.ts';

/** Since the epoch, and within what a Date can hold. */
const Millis = z.int().nonnegative().max(8.64e15);
const Environment = z.enum(['Production', 'Sandbox']);

export const Transaction = z.object({
  originalTransactionId: z.string().min(1).max(64),
  bundleId: z.string(),
  productId: z.string().min(1).max(255),
  environment: Environment,
  signedDate: Millis,
  expiresDate: Millis.optional(),
  revocationDate: Millis.optional(),
  isUpgraded: z.boolean().optional(),
  appAccountToken: z.string().max(64).optional(),
});
export type Transaction = z.infer<typeof Transaction>;

export const RenewalInfo = z.object({
  originalTransactionId: z.string(),
  environment: Environment,
  signedDate: Millis,
  autoRenewStatus: z.union([z.literal(0), z.literal(1)]).optional(),
  gracePeriodExpiresDate: Millis.optional(),
});
export type RenewalInfo = z.infer<typeof RenewalInfo>;

const App = z.object({ bundleId: z.string(), environment: Environment, appAppleId: z.int().optional() });
export type App = z.infer<typeof App>;

const Jws = z.string().min(1);
export const Notification = z.object({
  notificationType: z.string().min(1).max(64),
  subtype: z.string().max(64).optional(),
  notificationUUID: z.string().min(1).max(64),
  signedDate: Millis,
  /** One of these, by type. */
  data: App.extend({ signedTransactionInfo: Jws.optional(), signedRenewalInfo: Jws.optional() }).optional(),
  summary: App.optional(),
  appData: App.optional(),
});

export const StatusAnswer = z.object({
  data: z
    .array(
      z.object({
        lastTransactions: z
          .array(z.object({ originalTransactionId: z.string(), signedTransactionInfo: Jws, signedRenewalInfo: Jws }))
          .max(100),
      }),
    )
    .max(100),
});

export const TransactionAnswer = z.object({ signedTransactionInfo: Jws });

export const environmentOf = (raw: z.infer<typeof Environment>): StoreEnvironment =>
  raw === 'Production' ? 'production' : 'sandbox';

export const moment = (ms: number): string => new Date(ms).toISOString();

/** What a transaction says at that time; only the renewal info tells of a grace period and of what comes after. */
export function toPurchase(transaction: Transaction, renewal: RenewalInfo | null, now: string): Purchase {
  const { originalTransactionId, productId, environment, signedDate, appAccountToken } = transaction;
  const grace_ms = renewal?.gracePeriodExpiresDate ?? 0;
  const status = statusOf(transaction, grace_ms, Date.parse(now));
  const ends_ms = status === 'grace' ? grace_ms : transaction.expiresDate;
  return {
    platform: 'apple',
    transaction_id: originalTransactionId,
    product_id: productId,
    status,
    expires_at: ends_ms === undefined ? null : moment(ends_ms),
    auto_renew: renewal?.autoRenewStatus === undefined ? null : renewal.autoRenewStatus === 1,
    environment: environmentOf(environment),
    account_ref: appAccountToken ?? null,
    customer_ref: null,
    replaces: null,
    needs_acknowledgement: false,
    as_of: moment(signedDate),
  };
}

function statusOf(transaction: Transaction, grace_ms: number, now_ms: number): Purchase['status'] {
  const { revocationDate, isUpgraded, expiresDate } = transaction;
  if (revocationDate !== undefined) return 'revoked';
  if (isUpgraded) return 'expired'; // its successor bears the same original id
  if (expiresDate === undefined || expiresDate > now_ms) return 'active';
  return grace_ms > now_ms ? 'grace' : 'expired';
}

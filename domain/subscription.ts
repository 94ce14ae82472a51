import * as z from 'zod';
import { Platform } from './billing.ts';
import { text } from './fields.ts';

/** Our apps open such addresses: where a page of Stripe may lead back to, besides our own sites. */
const APP_SCHEME = 'honeydue:';
/** StoreKit 2 wants a UUID: ours spells “honeyD” and ends in the user's id. */
export const APPLE_REF_PREFIX = '686f6e65-7944-8000-8000-';
const APPLE_REF = new RegExp(`^${APPLE_REF_PREFIX}([0-9a-f]{12})$`, 'i');

const Tier = z.enum(['free', 'pro']);

const ofEach = <S extends z.ZodType>(count: S) =>
  z.object({ residences: count, tasks: count, contractors: count, documents: count });
const Limits = ofEach(z.int().nullable()).meta({ id: 'Limits', description: 'By kind; null is none' });

export const Subscription = z
  .object({
    tier: Tier.describe('What counts now: a gift and a trial are pro as well'),
    is_free: z.boolean().describe('Pro as a gift'),
    limitations_enabled: z.boolean().describe('Whether limits are enforced at all'),
    limits: Limits,
    usage: ofEach(z.int()).describe('What your own homes hold'),
    trial: z.object({
      active: z.boolean(),
      ends_at: z.iso.datetime().nullable(),
      used: z.boolean().describe('It was given, and is given once'),
    }),
    platform: Platform.nullable().describe('Where it was bought'),
    expires_at: z.iso.datetime().nullable(),
    auto_renew: z.boolean().nullable(),
  })
  .meta({ id: 'Subscription' });

export const Features = z
  .object({
    limitations_enabled: z.boolean(),
    trial_days: z.int().describe('From the day of registering'),
    tiers: z.array(z.object({ tier: Tier, limits: Limits })),
    platforms: z.array(Platform).describe('Where pro can be bought'),
    price_ids: z.array(z.string()).describe('Stripe’s; the usual one first'),
    account_refs: z
      .object({ apple: z.string(), google: z.string() })
      .describe('How to name yourself when buying: appAccountToken, obfuscatedExternalAccountId'),
  })
  .meta({ id: 'Features' });

export const ApplePurchase = z
  .object({ signed_transaction: z.string().min(1).max(131_072).describe('StoreKit 2’s jwsRepresentation') })
  .meta({ id: 'ApplePurchase' });
export type ApplePurchase = z.infer<typeof ApplePurchase>;

export const GooglePurchase = z
  .object({
    purchase_token: text(2048, 1),
    product_id: text(255, 1).nullish().describe('If sent, it must be what the token was given for'),
  })
  .meta({ id: 'GooglePurchase' });
export type GooglePurchase = z.infer<typeof GooglePurchase>;

const returnAddress = () => z.url().max(2048);

export const Checkout = z
  .object({
    price_id: text(255, 1).nullish().describe('One of the features’ `price_ids`; without it the first'),
    success_url: returnAddress().describe('Of our own sites or apps'),
    cancel_url: returnAddress(),
  })
  .meta({ id: 'Checkout' });
export type Checkout = z.infer<typeof Checkout>;

export const Portal = z.object({ return_url: returnAddress() }).meta({ id: 'Portal' });
export type Portal = z.infer<typeof Portal>;

export const BillingPage = z.object({ url: z.string().describe('A page of Stripe’s') }).meta({ id: 'BillingPage' });

export const Received = z.object({ received: z.literal(true) }).meta({ id: 'Received' });
export type Received = z.infer<typeof Received>;

/** Whose purchase it is, in the words of `account_refs`; null if it names nobody whom we could know. */
export function accountNamed(account_ref: string | null): number | null {
  const [, hex] = APPLE_REF.exec(account_ref ?? '') ?? [];
  if (hex) return Number.parseInt(hex, 16);
  return /^[1-9]\d{0,14}$/.test(account_ref ?? '') ? Number(account_ref) : null;
}

/** The address as a browser reads it, if it leads to our apps or to one of these origins; else null. */
export function ownAddress(address: string, origins: readonly string[]): string | null {
  const { href, origin, protocol } = new URL(address);
  return protocol === APP_SCHEME || origins.includes(origin) ? href : null;
}

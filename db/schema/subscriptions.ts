import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment, ref, versioned } from './columns.ts';
import { users } from './users.ts';

const PLATFORMS = ['apple', 'google', 'stripe'] as const;

/** What an operator decides about subscriptions; one row. */
export const subscriptionSettings = pgTable(
  'subscription_subscriptionsettings',
  {
    id: integer().primaryKey().default(1),
    limitations_enabled: boolean().notNull().default(false),
    /** Days after registering in which everything is allowed. */
    trial_days: integer().notNull().default(0),
    ...versioned(),
  },
  () => [check('subscription_subscriptionsettings_one_row', sql`id = 1`)],
);

/** How many of each a tier allows; null is no limit. */
export const tierLimits = pgTable(
  'subscription_tierlimits',
  {
    tier: text({ enum: ['free', 'pro'] }).primaryKey(),
    residences: integer(),
    tasks: integer(),
    contractors: integer(),
    documents: integer(),
    ...versioned(),
  },
  () => [check('subscription_tierlimits_tier', sql`tier in ('free', 'pro')`)],
);

/** What a user has beyond the free tier. No row: nothing. */
export const subscriptions = pgTable(
  'subscription_usersubscription',
  {
    user_id: ref()
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    tier: text({ enum: ['free', 'pro'] })
      .notNull()
      .default('free'),
    /** Everything for nothing: an operator's gift. */
    is_free: boolean().notNull().default(false),
    platform: text({ enum: PLATFORMS }),
    transaction_id: text(),
    product_id: text(),
    status: text({ enum: ['active', 'grace', 'expired', 'revoked', 'pending'] }),
    expires_at: moment(),
    auto_renew: boolean(),
    /** Instead of the trial that follows from the day of registering. */
    trial_ends_at: moment(),
    ...versioned(),
  },
  () => [check('subscription_usersubscription_tier', sql`tier in ('free', 'pro')`)],
);

/** A purchase belongs to the first account that showed it, for ever: the row outlives the account. */
export const transactions = pgTable(
  'subscription_transaction',
  {
    platform: text({ enum: PLATFORMS }).notNull(),
    transaction_id: text().notNull(),
    user_id: ref().references(() => users.id, { onDelete: 'set null' }),
    product_id: text().notNull(),
    /** Stripe's customer. */
    customer_ref: text(),
    status: text({ enum: ['active', 'grace', 'expired', 'revoked', 'pending'] }).notNull(),
    expires_at: moment(),
    auto_renew: boolean(),
    /** When the provider said so: what arrives late changes nothing. */
    stated_at: moment().notNull(),
    ...versioned(),
  },
  (t) => [
    primaryKey({ columns: [t.platform, t.transaction_id] }),
    index('subscription_transaction_user_idx').on(t.user_id),
  ],
);

/** Every event that a provider sent, once. */
export const webhookEvents = pgTable(
  'webhook_event_log',
  {
    id: id(),
    provider: text({ enum: [...PLATFORMS, 'ses'] }).notNull(),
    event_id: text().notNull(),
    type: text().notNull(),
    /** What the verified event says, in our words. */
    payload: jsonb().notNull(),
    received_at: moment().notNull().default(sql`now()`),
    handled_at: moment(),
  },
  (t) => [
    uniqueIndex('webhook_event_log_event_key').on(t.provider, t.event_id),
    index('webhook_event_log_handled_idx').on(t.handled_at).where(sql`handled_at is not null`),
  ],
);

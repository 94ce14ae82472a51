import * as z from 'zod';
import { Platform } from '../billing.ts';
import { flag, idFilter, listQuery } from './list.ts';

const at = z.iso.datetime();
const Tier = z.enum(['free', 'pro']);
const Status = z.enum(['active', 'grace', 'expired', 'revoked', 'pending']);

export const SubscriptionRow = z
  .object({
    user_id: z.int(),
    email: z.string(),
    tier: Tier.describe('Bought or given'),
    is_free: z.boolean(),
    platform: Platform.nullable(),
    product_id: z.string().nullable(),
    transaction_id: z.string().nullable(),
    status: Status.nullable(),
    expires_at: at.nullable(),
    auto_renew: z.boolean().nullable(),
    trial_ends_at: at.nullable(),
    updated_at: at,
  })
  .meta({ id: 'AdminSubscriptionRow' });

export const SubscriptionsQuery = listQuery(['-user_id', 'user_id'], {
  user_id: idFilter(),
  tier: Tier.optional(),
  platform: Platform.optional(),
  status: Status.optional(),
  is_free: flag(),
});
export type SubscriptionsQuery = z.infer<typeof SubscriptionsQuery>;

const Provider = z.enum(['apple', 'google', 'stripe', 'ses']);

export const WebhookRow = z
  .object({
    id: z.int(),
    provider: Provider,
    event_id: z.string(),
    type: z.string(),
    received_at: at,
    handled_at: at.nullable(),
  })
  .meta({ id: 'AdminWebhookRow' });

export const WebhooksQuery = listQuery(['-id', 'id'], {
  provider: Provider.optional(),
  type: z.string().max(100).optional(),
  is_handled: flag(),
});
export type WebhooksQuery = z.infer<typeof WebhooksQuery>;

export const AdminWebhook = WebhookRow.extend({
  payload: z.record(z.string(), z.unknown()).describe('What the verified event says, in our words'),
}).meta({ id: 'AdminWebhook' });

import * as z from 'zod';
import { Platform } from '../billing.ts';
import { moment } from '../fields.ts';
import { Role } from '../residence.ts';
import { Delivery } from './delivery.ts';
import { flag, searchQuery } from './list.ts';

const at = z.iso.datetime();
const Tier = z.enum(['free', 'pro']);

export const UserRow = z
  .object({
    id: z.int(),
    username: z.string(),
    email: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    is_verified: z.boolean(),
    timezone: z.string().nullable(),
    tier: Tier.describe('What counts now'),
    home_count: z.int(),
    last_used_at: at.nullable().describe('Of any of their sessions'),
    deleted_at: at.nullable(),
    created_at: at,
  })
  .meta({ id: 'AdminUserRow' });

export const UsersQuery = searchQuery(['-id', 'id', 'username', '-username', 'email', '-email'], {
  is_verified: flag(),
  is_deleted: flag(),
});
export type UsersQuery = z.infer<typeof UsersQuery>;

const UserSubscription = z
  .object({
    tier: Tier,
    is_free: z.boolean(),
    platform: Platform.nullable(),
    product_id: z.string().nullable(),
    status: z.string().nullable(),
    expires_at: at.nullable(),
    auto_renew: z.boolean().nullable(),
    trial_ends_at: at.nullable(),
  })
  .meta({ id: 'AdminUserSubscription' });

/** One person, and what hangs on them. */
export const AdminUser = UserRow.extend({
  updated_at: at,
  is_suppressed: z.boolean().describe('No mail is sent to their address'),
  subscription: UserSubscription.nullable(),
  identities: z.array(z.enum(['apple', 'google'])),
  homes: z.array(
    z.object({
      residence_id: z.int(),
      name: z.string(),
      role: Role,
      is_paused: z.boolean(),
      deleted_at: at.nullable(),
    }),
  ),
  sessions: z
    .array(
      z.object({
        id: z.int(),
        device_name: z.string().nullable(),
        ip: z.string().nullable(),
        user_agent: z.string().nullable(),
        last_used_at: at,
        created_at: at,
      }),
    )
    .describe('The 50 used last'),
  devices: z.array(
    z.object({
      id: z.int(),
      platform: z.string(),
      environment: z.string(),
      name: z.string().nullable(),
      app_version: z.string().nullable(),
      locale: z.string().nullable(),
      registered_at: at,
    }),
  ),
  deliveries: z.array(Delivery).describe('The newest 20'),
  usage: z
    .object({ residences: z.int(), tasks: z.int(), contractors: z.int(), documents: z.int() })
    .describe('What their own homes hold'),
  unread_count: z.int(),
}).meta({ id: 'AdminUser' });

export const SubscriptionChange = z
  .object({
    tier: Tier,
    is_free: z.boolean().describe('Pro as a gift'),
    expires_at: moment().nullable(),
  })
  .partial()
  .meta({ id: 'AdminSubscriptionChange' });
export type SubscriptionChange = z.infer<typeof SubscriptionChange>;

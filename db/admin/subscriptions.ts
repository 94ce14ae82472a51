import { type SQL, sql } from 'drizzle-orm';
import type { SubscriptionsQuery, WebhooksQuery } from '../../domain/admin/subscription.ts';
import { byId, rowOf, type Source } from './list.ts';

/** `SubscriptionRow` in domain/admin/subscription.ts is the shape of a row. */
export const subscriptions: Source<SubscriptionsQuery> = {
  from: sql`subscription_usersubscription`,
  row: sql`t.user_id, (select u.email from auth_user u where u.id = t.user_id) as email, t.tier, t.is_free, t.platform,
    t.product_id, t.transaction_id, t.status, hd_moment(t.expires_at) as expires_at, t.auto_renew,
    hd_moment(t.trial_ends_at) as trial_ends_at, hd_moment(t.updated_at) as updated_at`,
  id: sql`t.user_id`,
  sorts: { user_id: { by: sql`t.user_id`, kind: 'number' } },
  filters: {
    user_id: (id) => sql`t.user_id = ${id}`,
    tier: (tier) => sql`t.tier = ${tier}`,
    platform: (platform) => sql`t.platform = ${platform}`,
    status: (status) => sql`t.status = ${status}`,
    is_free: (is) => sql`t.is_free = ${is}::boolean`,
  },
};

export const oneSubscription = (user_id: number): SQL => rowOf(subscriptions, user_id);

/** `WebhookRow` in domain/admin/subscription.ts is the shape of a row. */
export const webhooks: Source<WebhooksQuery> = {
  from: sql`webhook_event_log`,
  row: sql`t.id, t.provider, t.event_id, t.type, hd_moment(t.received_at) as received_at, hd_moment(t.handled_at) as handled_at`,
  sorts: byId,
  filters: {
    provider: (provider) => sql`t.provider = ${provider}`,
    type: (type) => sql`t.type = ${type}`,
    is_handled: (is) => (is ? sql`t.handled_at is not null` : sql`t.handled_at is null`),
  },
};

export const oneWebhook = (id: number): SQL => rowOf({ ...webhooks, row: sql`${webhooks.row}, t.payload` }, id);

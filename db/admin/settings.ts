import { eq, type SQL, sql } from 'drizzle-orm';
import type { SettingsChange } from '../../domain/admin/settings.ts';
import type { Db, Statement } from '../client.ts';
import { appSettings } from '../schema/settings.ts';
import { subscriptionSettings, tierLimits } from '../schema/subscriptions.ts';

const limits = sql`json_build_object('residences', l.residences, 'tasks', l.tasks, 'contractors', l.contractors, 'documents', l.documents)`;

/** `AdminSettings` in domain/admin/settings.ts is its shape. */
export const readSettings: SQL = sql`
  select json_build_object('is_read_only', a.is_read_only, 'min_app_version', a.min_app_version,
    'limitations_enabled', s.limitations_enabled, 'trial_days', s.trial_days,
    'tiers', (select json_object_agg(l.tier, ${limits}) from subscription_tierlimits l)) as json
  from app_setting a, subscription_subscriptionsettings s`;

/** Only what was said. */
export function changeSettings(db: Db, { tiers = {}, ...change }: SettingsChange): Statement[] {
  const { is_read_only, min_app_version, limitations_enabled, trial_days } = change;
  const app = given({ is_read_only, min_app_version });
  const subscription = given({ limitations_enabled, trial_days });
  return [
    ...(app ? [db.update(appSettings).set(app)] : []),
    ...(subscription ? [db.update(subscriptionSettings).set(subscription)] : []),
    ...(['free', 'pro'] as const).flatMap((tier) => {
      const limits = given(tiers[tier] ?? {});
      return limits ? [db.update(tierLimits).set(limits).where(eq(tierLimits.tier, tier))] : [];
    }),
  ];
}

/** Null if nothing of it was given. */
const given = <T extends object>(fields: T): T | null =>
  Object.values(fields).some((value) => value !== undefined) ? fields : null;

import { type SQL, sql } from 'drizzle-orm';
import type { Platform, Stores } from '../domain/billing.ts';
import { QUEUE_OF } from '../domain/event.ts';
import { APPLE_REF_PREFIX } from '../domain/subscription.ts';
import { type Answered, tagged } from './answer.ts';
import { type Db, statement } from './client.ts';
import { bell } from './outbox.ts';
import { actorId, type Who } from './who.ts';

const KINDS = ['residences', 'tasks', 'contractors', 'documents'];

/** The limits of a tier aliased `l`. */
const limits = sql.raw(`json_build_object(${KINDS.map((kind) => `'${kind}', l.${kind}`).join(', ')})`);
/** What the homes of a user aliased `u` hold. */
const usage = sql.raw(`json_build_object(${KINDS.map((kind) => `'${kind}', hd_usage(u.id, '${kind}')`).join(', ')})`);

/** `Subscription` in domain/subscription.ts is its shape. */
const oneSubscription = (user_id: SQL) => sql`
  select json_build_object(
    'tier', l.tier, 'is_free', coalesce(s.is_free, false), 'limitations_enabled', c.limitations_enabled,
    'limits', ${limits}, 'usage', ${usage},
    'trial', json_build_object('active', coalesce(now() < trial.ends_at, false), 'ends_at', hd_moment(trial.ends_at),
                               'used', trial.ends_at is not null),
    'platform', s.platform, 'expires_at', hd_moment(s.expires_at), 'auto_renew', s.auto_renew) as json
  from auth_user u cross join subscription_subscriptionsettings c
  left join subscription_usersubscription s on s.user_id = u.id
  cross join lateral (
    select coalesce(s.trial_ends_at, u.created_at + make_interval(days => nullif(c.trial_days, 0))) as ends_at) trial
  join subscription_tierlimits l on l.tier = hd_tier(u.id)
  where u.id = ${user_id}`;

export const readSubscription = (db: Db, who: Who, known: string[]) =>
  statement<Answered>(db, tagged(oneSubscription(actorId(who)), known));

export const subscriptionWritten = tagged(oneSubscription(sql`hd_me()`));

/** What each tier allows, and where and as whom one buys; `Features` in domain/subscription.ts is its shape. */
export const readFeatures = (db: Db, who: Who, stores: Stores, known: string[]) => {
  const platforms = Object.entries(stores).flatMap(([platform, store]) => (store ? [platform] : []));
  return statement<Answered>(
    db,
    tagged(
      sql`select json_build_object(
            'limitations_enabled', c.limitations_enabled, 'trial_days', c.trial_days,
            'tiers', (select json_agg(json_build_object('tier', l.tier, 'limits', ${limits}) order by l.tier)
                      from subscription_tierlimits l),
            'platforms', ${JSON.stringify(platforms)}::json,
            'price_ids', ${JSON.stringify(stores.stripe?.price_ids ?? [])}::json,
            'account_refs', json_build_object('apple', ${APPLE_REF_PREFIX}::text || lpad(to_hex(u.id), 12, '0'),
                                              'google', u.id::text)) as json
          from subscription_subscriptionsettings c, auth_user u where u.id = ${actorId(who)}`,
      known,
    ),
  );
};

export type Buyer = {
  user_id: number;
  row_version: number;
  etag: string;
  email: string;
  /** Stripe's customer, if they ever were one. */
  customer_ref: string | null;
  /** Where they have pro from now. */
  active_on: Platform | null;
};

/** Whoever wants to buy, and what they have. */
export const findBuyer = (db: Db, who: Who) =>
  statement<{ found: Buyer }>(
    db,
    sql`select json_build_object('user_id', u.id, 'row_version', u.row_version, 'etag', format('"%s"', u.row_version),
          'email', u.email,
          'customer_ref', (select t.customer_ref from subscription_transaction t
            where t.user_id = u.id and t.customer_ref is not null order by t.stated_at desc limit 1),
          'active_on', (select t.platform from subscription_transaction t
            where t.user_id = u.id and ${givesAccess} limit 1)) as found
        from auth_user u where u.id = ${actorId(who)}`,
  );

/** Of a transaction aliased `t`. That it ends is no event: it is compared with the time whenever somebody asks. */
export const givesAccess = sql`(t.status in ('active', 'grace') and (t.expires_at is null or t.expires_at > now()))`;

/** What a user has, column by column. */
const columns = ['tier', 'platform', 'transaction_id', 'product_id', 'status', 'expires_at', 'auto_renew'];
const of = (row: string): SQL => sql.raw(columns.map((name) => `${row}.${name}`).join(', '));

/** What a user has follows from the best of their purchases. An operator's grant ends as the operator said. */
const settled = (user_id: SQL): SQL => sql`
  insert into subscription_usersubscription as s (user_id, ${sql.raw(columns.join(', '))})
  select t.user_id, case when ${givesAccess} then 'pro' else 'free' end, t.platform, t.transaction_id, t.product_id,
         t.status, t.expires_at, t.auto_renew
  from subscription_transaction t where t.user_id = ${user_id}
  order by ${givesAccess} desc, t.expires_at desc nulls first, t.stated_at desc limit 1
  on conflict (user_id) do update set (${sql.raw(columns.join(', '))}) = row(${of('excluded')})
  where (${of('s')}) is distinct from (${of('excluded')})
    and not (s.platform is null and s.tier = 'pro' and excluded.tier = 'free')
  returning s.user_id`;

export const settle = (db: Db, user_id: SQL) => statement(db, settled(user_id));

/** The same from a job: if anything changed for the user, that is an event of its own. */
export const settleAndTell = (db: Db, user_id: SQL) =>
  statement(
    db,
    sql`with settled as (${settled(user_id)})
        insert into outbox (event, queue)
        select jsonb_build_object('type', 'subscription.changed', 'user_id', user_id),
          ${QUEUE_OF['subscription.changed']} from settled returning ${bell} as bell`,
  );

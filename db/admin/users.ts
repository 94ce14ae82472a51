import { type SQL, sql } from 'drizzle-orm';
import { RESTORABLE_DAYS } from '../../domain/account.ts';
import type { SubscriptionChange, UsersQuery } from '../../domain/admin/user.ts';
import { type Db, statement } from '../client.ts';
import { isSuppressed, unsuppress } from '../suppressions.ts';
import { deliveryFields } from './deliveries.ts';
import { byId, rowOf, type Source } from './list.ts';

const person = sql`(t.username || ' ' || t.email || ' ' || t.first_name || ' ' || t.last_name)`;

/** `UserRow` in domain/admin/user.ts is the shape of a row. */
export const users: Source<UsersQuery> = {
  from: sql`auth_user`,
  row: sql`t.id, t.username, t.email, t.first_name, t.last_name, t.is_verified, t.timezone, hd_tier(t.id) as tier,
    (select count(*) from hd_membership m where m.user_id = t.id) as home_count,
    (select hd_moment(max(s.last_used_at)) from user_authtoken s where s.user_id = t.id) as last_used_at,
    hd_moment(t.deleted_at) as deleted_at, hd_moment(t.created_at) as created_at`,
  sorts: {
    ...byId,
    username: { by: sql`lower(t.username)`, kind: 'text' },
    email: { by: sql`lower(t.email)`, kind: 'text' },
  },
  search: (pattern) => sql`${person} ilike ${pattern}`,
  filters: {
    is_verified: (is) => sql`t.is_verified = ${is}::boolean`,
    is_deleted: (is) => (is ? sql`t.deleted_at is not null` : sql`t.deleted_at is null`),
  },
};

const all = (query: SQL): SQL => sql`(select coalesce(json_agg(row_to_json(x)), '[]') from (${query}) x)`;

/** `AdminUser` in domain/admin/user.ts is its shape. */
export const oneUser = (id: number): SQL =>
  rowOf(
    {
      from: sql`auth_user`,
      row: sql`${users.row}, hd_moment(t.updated_at) as updated_at, ${isSuppressed(sql`t.email`)} as is_suppressed,
    (select row_to_json(x) from (select s.tier, s.is_free, s.platform, s.product_id, s.status, hd_moment(s.expires_at) as expires_at,
      s.auto_renew, hd_moment(s.trial_ends_at) as trial_ends_at from subscription_usersubscription s where s.user_id = t.id) x) as subscription,
    array(select i.provider from user_socialaccount i where i.user_id = t.id order by i.provider) as identities,
    ${all(sql`select m.residence_id, r.name, m.role, r.is_paused, hd_moment(r.deleted_at) as deleted_at
      from residence_residence_users m join residence_residence r on r.id = m.residence_id where m.user_id = t.id order by r.id`)} as homes,
    ${all(sql`select s.id, s.device_name, s.address as ip, s.user_agent, hd_moment(s.last_used_at) as last_used_at,
      hd_moment(s.created_at) as created_at from user_authtoken s where s.user_id = t.id order by s.last_used_at desc limit 50`)} as sessions,
    ${all(sql`select d.id, d.platform, d.environment, d.name, d.app_version, d.locale, hd_moment(d.registered_at) as registered_at
      from notifications_device d where d.user_id = t.id order by d.id`)} as devices,
    ${all(sql`select ${deliveryFields} from (
      select * from notifications_delivery n where n.user_id = t.id order by n.at desc limit 20) t`)} as deliveries,
    json_build_object('residences', hd_usage(t.id, 'residences'), 'tasks', hd_usage(t.id, 'tasks'),
      'contractors', hd_usage(t.id, 'contractors'), 'documents', hd_usage(t.id, 'documents')) as usage,
    (select count(*) from notifications_notification n where n.user_id = t.id and n.read_at is null) as unread_count`,
    },
    id,
  );

export const verifyUser = (db: Db, id: number) =>
  statement(db, sql`update auth_user set is_verified = true where id = ${id} and not is_verified`);

/** What an operator gives or takes; what was not said stays. Bought tiers follow from purchases and may move again. */
export const putSubscription = (db: Db, id: number, { tier, is_free, expires_at }: SubscriptionChange) => {
  const hasEnd = expires_at !== undefined;
  return statement(
    db,
    sql`insert into subscription_usersubscription as s (user_id, tier, is_free, expires_at)
        values (${id}, ${tier ?? 'free'}, ${is_free ?? false}, ${expires_at ?? null})
        on conflict (user_id) do update set tier = coalesce(${tier ?? null}, s.tier), is_free = coalesce(${is_free ?? null}::boolean, s.is_free),
          expires_at = case when ${hasEnd}::boolean then excluded.expires_at else s.expires_at end`,
  );
};

export const allowMailAgain = (db: Db, id: number) =>
  unsuppress(db, sql`(select u.email from auth_user u where u.id = ${id})`, id);

const isRestorable = (user: SQL): SQL => sql`${user}.deleted_at > now() - make_interval(days => ${RESTORABLE_DAYS})`;

/** Of a user `t`: deleted, and not for too long. */
export const canComeBack = isRestorable(sql`t`);
export const isThere = sql`t.deleted_at is null`;

/** Brings back who was deleted, and first the homes that went in the same transaction. Nobody's handed-over homes come back. */
export const restoreUser = (db: Db, id: number) => [
  statement(
    db,
    sql`update residence_residence r set deleted_at = null from auth_user u, residence_residence_users m
        where u.id = ${id} and ${isRestorable(sql`u`)} and m.user_id = u.id and m.role = 'owner' and r.id = m.residence_id
          and r.deleted_at = u.deleted_at`,
  ),
  statement(db, sql`update auth_user u set deleted_at = null where u.id = ${id} and ${isRestorable(sql`u`)}`),
];

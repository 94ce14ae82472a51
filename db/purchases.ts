import { type SQL, sql } from 'drizzle-orm';
import type { Platform, Purchase } from '../domain/billing.ts';
import { accountNamed } from '../domain/subscription.ts';
import { type Db, statement } from './client.ts';
import { givesAccess } from './subscriptions.ts';
import { actorId, type Who } from './who.ts';

/** A transaction aliased `t` that is this purchase. */
const isIt = ({ platform, transaction_id }: Purchase): SQL =>
  sql`t.platform = ${platform} and t.transaction_id = ${transaction_id}`;
const isReplaced = ({ platform, replaces }: Purchase): SQL =>
  sql`t.platform = ${platform} and t.transaction_id = ${replaces}::text`;

/**
 * Keeps how a purchase stands, as nobody's if it is new, and locks its row. What was stated earlier changes nothing; nor
 * does a client's transaction end a period of grace, of which only the store tells.
 */
export const keepPurchase = (db: Db, purchase: Purchase) => {
  const { platform, transaction_id, product_id, customer_ref, status, expires_at, auto_renew, as_of } = purchase;
  return statement(
    db,
    sql`insert into subscription_transaction as t
          (platform, transaction_id, product_id, customer_ref, status, expires_at, auto_renew, stated_at)
        values (${platform}, ${transaction_id}, ${product_id}, ${customer_ref}, ${status}, ${expires_at}, ${auto_renew}, ${as_of})
        on conflict (platform, transaction_id) do update set
          product_id = excluded.product_id, customer_ref = coalesce(excluded.customer_ref, t.customer_ref),
          status = excluded.status, expires_at = excluded.expires_at,
          auto_renew = coalesce(excluded.auto_renew, t.auto_renew), stated_at = excluded.stated_at
        where t.stated_at < excluded.stated_at
          and not (t.status = 'grace' and t.expires_at > now() and excluded.status = 'expired' and excluded.auto_renew is null)`,
  );
};

/** What this purchase continues gives no access any more. */
export const endReplaced = (db: Db, purchase: Purchase) =>
  statement(
    db,
    sql`update subscription_transaction t set status = 'expired', auto_renew = false, stated_at = ${purchase.as_of}
        where ${isReplaced(purchase)} and t.status not in ('expired', 'revoked') and t.stated_at <= ${purchase.as_of}`,
  );

/** To whoever acts, if it is nobody's. */
export const bindToMe = (db: Db, purchase: Purchase) =>
  statement(
    db,
    sql`update subscription_transaction t set user_id = hd_me() where ${isIt(purchase)} and t.user_id is null`,
  );

/** What is nobody's goes to whoever had what it continues, else to whom the buyer named. */
export const bindToHeir = (db: Db, purchase: Purchase) =>
  statement(
    db,
    sql`update subscription_transaction t set user_id = heir.id
        from (select coalesce(
                (select t.user_id from subscription_transaction t where ${isReplaced(purchase)}),
                (select u.id from auth_user u where u.id = ${accountNamed(purchase.account_ref)}::bigint and u.deleted_at is null)
              ) as id) heir
        where ${isIt(purchase)} and t.user_id is null and heir.id is not null`,
  );

/** Whose it is. */
export const ownerOf = (purchase: Purchase): SQL =>
  sql`(select t.user_id from subscription_transaction t where ${isIt(purchase)})`;

/** All that changes one user's subscription does so in turn. */
export const lockUser = (db: Db, user_id: SQL) =>
  statement(db, sql`select from auth_user where id = ${user_id} for no key update`);

export type Obstacle = 'purchase_taken' | 'subscribed_elsewhere';

/** Why a purchase cannot become a user's; null if it can. */
const obstacle = (purchase: Purchase, user_id: SQL): SQL => {
  const { platform, status, account_ref } = purchase;
  const same = sql`from subscription_transaction t where (${isIt(purchase)} or ${isReplaced(purchase)})`;
  return sql`case
    when ${accountNamed(account_ref)}::bigint <> ${user_id} or exists (select ${same} and t.user_id <> ${user_id})
      then 'purchase_taken'
    when ${['active', 'grace'].includes(status)}::boolean and not exists (select ${same} and t.user_id = ${user_id})
      and exists (select from subscription_transaction t
                  where t.user_id = ${user_id} and t.platform <> ${platform} and ${givesAccess})
      then 'subscribed_elsewhere' end`;
};

export const findObstacle = (db: Db, who: Who, purchase: Purchase) =>
  statement<{ found: Obstacle | null }>(db, sql`select ${obstacle(purchase, actorId(who))} as found`);

/** Ends the batch with HD409 if the purchase cannot be whoever acts's: no row has version 0. */
export const refuseObstacle = (db: Db, purchase: Purchase) =>
  statement(db, sql`select hd_expect('auth_user', hd_me(), 0) where ${obstacle(purchase, sql`hd_me()`)} is not null`);

/** Where from the users that these events name have access, for the store to be asked. */
export const findActive = (db: Db, event_ids: number[], platform: Platform) =>
  statement<{ event_id: string; found: string[] }>(
    db,
    sql`select o.id as event_id, json_agg(t.transaction_id) as found
        from outbox o join subscription_transaction t on t.user_id = (o.event ->> 'user_id')::bigint
        where o.id = any (${sql.param(event_ids)}::bigint[]) and t.platform = ${platform} and ${givesAccess}
        group by o.id`,
  );

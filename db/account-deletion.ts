import { eq, type SQL, sql } from 'drizzle-orm';
import { RESTORABLE_DAYS } from '../domain/account.ts';
import { type Answered, tagged } from './answer.ts';
import { type Db, type Statement, statement } from './client.ts';
import { users } from './schema/users.ts';
import { actorId, todayOf, type Who } from './who.ts';

/** Whoever has been a member of a home longest, of those who are still there; viewers take nothing over. */
const heirOf = (residence_id: SQL): SQL => sql`(
  select h.user_id from residence_residence_users h join auth_user u on u.id = h.user_id and u.deleted_at is null
  where h.residence_id = ${residence_id} and h.role = 'member' order by h.created_at, h.user_id limit 1)`;

/** What deleting the caller's account would do; `DeletionPlan` in domain/account.ts is its shape. */
export const readDeletionPlan = (db: Db, who: Who) =>
  statement<Answered>(
    db,
    tagged(sql`
      with mine as (
        select m.residence_id, m.role, m.role = 'owner' and ${heirOf(sql`m.residence_id`)} is null as goes
        from hd_membership m where m.user_id = ${actorId(who)}
      ), going as (select residence_id from mine where goes)
      select json_build_object(
        'residences', (select count(*) from going),
        'residences_handed_over', (select count(*) from mine where role = 'owner' and not goes),
        'memberships', (select count(*) from mine where role <> 'owner'),
        'tasks', (select count(*) from task_task join going using (residence_id)),
        'completions', (select count(*) from task_taskcompletion join going using (residence_id)),
        'contractors', (select count(*) from task_contractor c
          where c.owner_id = ${actorId(who)} or c.residence_id in (select residence_id from going)),
        'notifications', (select count(*) from notifications_notification where user_id = ${actorId(who)}),
        'calendar_feeds', (select count(*) from calendar_feed where user_id = ${actorId(who)}),
        'sessions', (select count(*) from user_authtoken where user_id = ${actorId(who)}),
        'restorable_until', ${todayOf(who)} + ${RESTORABLE_DAYS}::int) as json`),
  );

/** Before anything is decided about them: nobody joins, leaves or gets another role meanwhile. */
export const lockOwnHomes = (db: Db): Statement =>
  statement(
    db,
    sql`select hd_raise(array(select residence_id from hd_membership where user_id = hd_me() and role = 'owner'))`,
  );

/**
 * Hides whoever acts, and leaves no home without an owner: what has a member passes to the one who has been there longest,
 * the rest is hidden as well.
 */
export const hideUser = (db: Db, user_id: number): Statement[] => [
  db.update(users).set({ deleted_at: sql`now()` }).where(eq(users.id, user_id)),
  statement(
    db,
    sql`update residence_residence_users mine set role = 'member' from hd_membership m
        where m.user_id = hd_me() and m.role = 'owner' and mine.residence_id = m.residence_id and mine.user_id = m.user_id
          and ${heirOf(sql`m.residence_id`)} is not null`,
  ),
  statement(
    db,
    sql`update residence_residence_users heir set role = 'owner'
        where heir.user_id = ${heirOf(sql`heir.residence_id`)} and heir.residence_id in (
          select m.residence_id from hd_membership m where m.user_id = hd_me() and not exists (
            select from residence_residence_users o where o.residence_id = m.residence_id and o.role = 'owner'))`,
  ),
  statement(
    db,
    sql`update residence_residence set deleted_at = now() where id in (
          select residence_id from hd_membership where user_id = hd_me() and role = 'owner')`,
  ),
];

import { type SQL, sql } from 'drizzle-orm';
import { RESTORABLE_DAYS } from '../domain/account.ts';
import { type Db, statement } from './client.ts';
import { digestOf } from './suppressions.ts';

const isPastGrace = sql`deleted_at < now() - make_interval(days => ${RESTORABLE_DAYS})`;

/** Accounts that nobody can bring back any more, those that went first. */
export const findErasableUsers = (db: Db, limit: number) =>
  statement<{ user_id: number }>(
    db,
    sql`select id::int as user_id from auth_user where ${isPastGrace} order by deleted_at limit ${limit}`,
  );

/** Their homes: they were hidden with them. One that has somebody left in it is not among them. */
export const findOwnHomes = (db: Db, user_id: number) =>
  statement<{ residence_id: number }>(
    db,
    sql`select m.residence_id::int from residence_residence_users m join residence_residence r on r.id = m.residence_id
        where m.user_id = ${user_id} and m.role = 'owner' and (r.deleted_at is not null or not exists (
          select from residence_residence_users o join auth_user u on u.id = o.user_id and u.deleted_at is null
          where o.residence_id = m.residence_id))
        order by m.residence_id`,
  );

export const eraseOwnHome = (db: Db, user_id: number, residence_id: number) =>
  statement(
    db,
    sql`delete from residence_residence r using residence_residence_users m, auth_user u
        where r.id = ${residence_id} and m.residence_id = r.id and m.user_id = u.id and m.role = 'owner'
          and u.id = ${user_id} and u.${isPastGrace}`,
  );

/** What stays in the homes of others says no more whose it was. By an index each. */
const SIGNED = [
  ['task_task', 'created_by_id'],
  ['task_taskcompletion', 'completed_by_id'],
  ['task_taskskip', 'skipped_by_id'],
  ['task_contractor', 'created_by_id'],
  ['task_document', 'created_by_id'],
  ['task_documentimage', 'uploaded_by_id'],
  ['task_taskcompletionimage', 'uploaded_by_id'],
  ['residence_residencesharecode', 'created_by_id'],
  ['residence_residencesharecode', 'spent_by_id'],
] as const;

/** What goes with the account, and may be much. */
const OWN = [
  ['notifications_notification', 'id'],
  ['notifications_reminder', 'id'],
  ['notifications_delivery', 'event_id'],
  ['pending_uploads', 'id'],
  ['long_job', 'id'],
  ['idempotency_key', 'key'],
] as const;

/** Homes that the user is or was a member of: the log remembers who has left. */
const homesOf = (user_id: number): SQL => sql`(
  select residence_id from residence_residence_users where user_id = ${user_id}
  union select residence_id from audit_log where target_type = 'member' and target_id = ${user_id})`;

/** What others were told names whoever did it. */
const namesOf = (user_id: number): SQL => sql`(
  select array_remove(array[u.username, nullif(trim(u.first_name || ' ' || u.last_name), '')], null)
  from auth_user u where u.id = ${user_id})`;

type Round = ReturnType<typeof statement>;

/** Everything that is taken away before the row itself, so many rows at a time: each runs until it finds fewer. */
export const erasureRounds = (db: Db, user_id: number, limit: number): Round[] => [
  ...SIGNED.map(([table, column]) => {
    const [name, by] = [sql.identifier(table), sql.identifier(column)];
    return statement(
      db,
      sql`update ${name} set ${by} = null where id in (select id from ${name} where ${by} = ${user_id} limit ${limit})`,
    );
  }),
  ...OWN.map(([table, key]) => {
    const [name, of] = [sql.identifier(table), sql.identifier(key)];
    return statement(
      db,
      sql`delete from ${name} where user_id = ${user_id} and ${of} in (
            select ${of} from ${name} where user_id = ${user_id} limit ${limit})`,
    );
  }),
  statement(
    db,
    sql`delete from notifications_notification where id in (
          select n.id from ${homesOf(user_id)} h join notifications_notification n using (residence_id),
            unnest(${namesOf(user_id)}) as called (name)
          where strpos(n.title, called.name) > 0 or strpos(n.body, called.name) > 0 limit ${limit})`,
  ),
  statement(
    db,
    sql`update webhook_event_log set payload = jsonb_set(payload, '{purchase}', 'null')
        where id in (select id from webhook_event_log where payload -> 'purchase' ->> 'account_ref' = ${`${user_id}`} limit ${limit})`,
  ),
  // What was written by the contact form from an address that nobody has proven may be somebody else's.
  statement(
    db,
    sql`delete from contact_message where id in (select c.id from auth_user u join contact_message c
          on lower(c.email) = lower(u.email) where u.id = ${user_id} and u.is_verified limit ${limit})`,
  ),
  statement(
    db,
    sql`delete from outbox where id in (
          select id from outbox where dead_at is not null and event ->> 'user_id' = ${`${user_id}`} limit ${limit})`,
  ),
];

/** A purchase stays known, so that nobody shows it again; to whom it belonged does not. */
export const forgetCustomer = (db: Db, user_id: number) =>
  statement(
    db,
    sql`update subscription_transaction set customer_ref = null, user_id = null where user_id = ${user_id}`,
  );

export const forgetAddress = (db: Db, user_id: number) =>
  statement(
    db,
    sql`delete from notifications_suppression s using auth_user u
        where u.id = ${user_id} and s.address_digest = ${digestOf(sql`u.email`)}`,
  );

/** The row, and the key to what the audit log says of it. Not while there is a home that would be without an owner. */
export const eraseUser = (db: Db, user_id: number) =>
  statement(
    db,
    sql`delete from auth_user u where u.id = ${user_id} and u.${isPastGrace}
          and not exists (select from residence_residence_users m where m.user_id = u.id and m.role = 'owner')`,
  );

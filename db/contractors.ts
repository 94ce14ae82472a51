import { eq, type SQL, sql } from 'drizzle-orm';
import type { Role } from '../domain/residence.ts';
import { type Answered, tagged } from './answer.ts';
import { type Db, statement } from './client.ts';
import { contractors } from './schema/contractors.ts';
import { actorId, type Who } from './who.ts';

/** The id that this batch's insert has just drawn. */
export const newContractorId = sql`currval('task_contractor_id_seq')`;

/** The contractors of the caller's homes, and the caller's own; `which` speaks of `t`. */
export const seenContractors = (who: Who, which: SQL): SQL => sql`
  select t.*, m.role from hd_membership m join task_contractor t on t.residence_id = m.residence_id
  where m.user_id = ${actorId(who)} and ${which}
  union all
  select t.*, 'owner' from task_contractor t where t.owner_id = ${actorId(who)} and ${which}`;

const specialties = (field: SQL) => sql`coalesce((
  select json_agg(${field} order by s.display_order, s.id)
  from task_contractor_specialties k join task_contractorspecialty s on s.id = k.specialty_id
  where k.contractor_id = t.id), '[]')`;

/** A contractor aliased `t` as the `json` that is answered; `Contractor` in domain/contractor.ts is its shape. */
export const contractorJson = sql`(select row_to_json(x) from (select
  t.id, t.name, t.company, t.phone, t.email, t.website, t.notes, t.street_address, t.city, t.state_province, t.postal_code,
  t.rating, t.is_favorite, t.residence_id is not null as is_shared, t.residence_id,
  ${specialties(sql`s.id`)} as specialty_ids, ${specialties(sql`row_to_json(s)`)} as specialties,
  (select count(*) from task_task w where w.contractor_id = t.id) as task_count,
  hd_moment(t.created_at) as created_at, hd_moment(t.updated_at) as updated_at) x)`;

const oneContractor = (who: Who, id: number | SQL) => sql`
  select ${contractorJson} as json, t.row_version from (${seenContractors(who, sql`t.id = ${id}`)}) t`;

export const readContractor = (db: Db, who: Who, id: number, known: string[]) =>
  statement<Answered>(db, tagged(oneContractor(who, id), known, true));

export const contractorWritten = (who: Who, id: number | SQL): SQL => tagged(oneContractor(who, id), [], true);

export type FoundContractor = {
  residence_id: number | null;
  is_favorite: boolean;
  /** In its home; a personal contractor's owner is its owner. */
  role: Role;
  row_version: number;
  etag: string;
};

export const findContractor = (db: Db, who: Who, id: number) =>
  statement<{ found: FoundContractor }>(
    db,
    sql`select json_build_object('residence_id', t.residence_id, 'is_favorite', t.is_favorite, 'role', t.role,
          'row_version', t.row_version, 'etag', tag.etag) as found
        from (${seenContractors(who, sql`t.id = ${id}`)}) t, (${contractorWritten(who, id)}) tag`,
  );

type Insert = typeof contractors.$inferInsert;
type ContractorValues = { [K in keyof Insert]: Insert[K] | SQL };

export const addContractor = (db: Db, contractor: ContractorValues) => db.insert(contractors).values(contractor);

/** Also moves the row if its specialties alone are changed. */
export const updateContractor = (db: Db, id: number, change: Partial<ContractorValues>) =>
  db
    .update(contractors)
    .set({ ...change, updated_at: sql`now()` })
    .where(eq(contractors.id, id));

export const deleteContractor = (db: Db, id: number) => db.delete(contractors).where(eq(contractors.id, id));

/** Leaves the contractor with these specialties and no other. */
export const setSpecialties = (db: Db, id: number | SQL, specialty_ids: number[]) =>
  statement(
    db,
    sql`with given as (select ${id}::bigint as contractor_id, unnest(${sql.param(specialty_ids)}::bigint[]) as specialty_id),
        gone as (
          delete from task_contractor_specialties
          where contractor_id = ${id}::bigint and specialty_id not in (select specialty_id from given)
        )
        insert into task_contractor_specialties (contractor_id, specialty_id)
        select contractor_id, specialty_id from given on conflict do nothing`,
  );

/**
 * Ends the batch if the home's owner has no room for a contractor who was the caller's alone. Into a home of their own it
 * is no more than before.
 */
export const makeRoomToShare = (db: Db, residence_id: number) =>
  statement(
    db,
    sql`select hd_make_room('contractors', ${residence_id}, 1) from residence_residence_users
        where residence_id = ${residence_id} and role = 'owner' and user_id <> hd_me()`,
  );

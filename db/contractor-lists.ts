import { type SQL, sql } from 'drizzle-orm';
import type { ContractorCursor, ContractorTaskCursor } from '../domain/contractor.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { contractorJson, seenContractors } from './contractors.ts';
import { cardJson, cards, lookUps, withLookUps } from './tasks.ts';
import { actorId, type Who } from './who.ts';

type ContractorsQuery = {
  limit: number;
  after: ContractorCursor | null;
  search?: string | undefined;
  is_favorite?: boolean | undefined;
  specialty?: string | undefined;
  residence_id?: number | undefined;
};

/** By name, a page at a time; no row if the home that is asked for is not one of the caller's. */
export function readContractors(db: Db, who: Who, query: ContractorsQuery, known: string[]) {
  const { limit, after, residence_id } = query;
  return statement<Answered>(
    db,
    tagged(
      sql`
      with seen as (
        select t.*, ${nameKey} as name_key from (${seenContractors(who, matches(query))}) t
      ), paged as (
        select t.*, row_number() over (order by t.name_key, t.id) as rank from seen t
        where ${after === null ? sql`true` : sql`(t.name_key, t.id) > (${after[0]}::text, ${after[1]}::bigint)`}
        order by rank limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((select json_agg(${contractorJson} order by t.rank) from paged t where t.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.name_key, t.id)`, limit)})) as json
      where ${
        residence_id === undefined
          ? sql`true`
          : sql`exists (
        select from hd_membership where residence_id = ${residence_id} and user_id = ${actorId(who)})`
      }`,
      known,
    ),
  );
}

/** The start of a name, in an order and in letters that a cursor can carry. */
const nameKey = sql`(encode(convert_to(left(lower(t.name), 40), 'UTF8'), 'hex') collate "C")`;

function matches({ search, is_favorite, specialty, residence_id }: ContractorsQuery): SQL {
  const conditions = [
    ...(residence_id === undefined ? [] : [sql`t.residence_id = ${residence_id}`]),
    ...(is_favorite === undefined ? [] : [sql`t.is_favorite = ${is_favorite}::boolean`]),
    ...(specialty ? [hasSpecialty(sql`(s.id::text = ${specialty} or lower(s.name) = lower(${specialty}))`)] : []),
    ...(search ? [isLike(`%${search.replace(/[\\%_]/g, '\\$&')}%`)] : []),
  ];
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
}

const isLike = (pattern: string): SQL =>
  sql`(t.name ilike ${pattern} or t.company ilike ${pattern} or ${hasSpecialty(sql`s.name ilike ${pattern}`)})`;

const hasSpecialty = (which: SQL): SQL => sql`exists (
  select from task_contractor_specialties k join task_contractorspecialty s on s.id = k.specialty_id
  where k.contractor_id = t.id and ${which})`;

type TasksQuery = { limit: number; after: ContractorTaskCursor | null };

/** The tasks that a contractor is for, by date; no row if the caller does not see the contractor. */
export function readContractorTasks(db: Db, who: Who, id: number, { limit, after }: TasksQuery, known: string[]) {
  const isBehind =
    after &&
    sql`
    (coalesce(t.effective_date, 'infinity'), t.id) > (coalesce(${after[0]}::date, 'infinity'), ${after[1]}::bigint)`;
  return statement<Answered>(
    db,
    tagged(
      sql`
      with ${lookUps}, paged as (
        select t.*, row_number() over (order by t.effective_date asc nulls last, t.id) as rank
        from (${cards(who, sql`t.contractor_id = ${id}`)}) t where ${isBehind ?? sql`true`}
        order by rank limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((select json_agg(${cardJson} order by t.rank) from paged t ${withLookUps} where t.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.effective_date, t.id)`, limit)})) as json
      where exists (${seenContractors(who, sql`t.id = ${id}`)})`,
      known,
    ),
  );
}

import { type SQL, sql } from 'drizzle-orm';
import type { DocumentType } from '../domain/document.ts';
import type { DocumentCursor } from '../domain/document-query.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { documentJson, seenDocuments } from './documents.ts';
import { actorId, todayOf, type Who } from './who.ts';

type PageOf = { limit: number; after: DocumentCursor | null; residence_id?: number | undefined };
type DocumentsQuery = PageOf & {
  type?: DocumentType | undefined;
  category?: string | undefined;
  expiring_within_days?: number | undefined;
  search?: string | undefined;
};

/** The newest first, or the soonest to end; no row if the home that is asked for is not one of the caller's. */
export const readDocuments = (db: Db, who: Who, query: DocumentsQuery, known: string[]) =>
  statement<Answered>(
    db,
    tagged(
      paged(who, query, matches(who, query), query.expiring_within_days === undefined ? newestFirst : soonestFirst),
      known,
    ),
  );

/** Those that hold today, the soonest to end first and those without an end last. */
export const readWarranties = (db: Db, who: Who, query: PageOf, known: string[]) =>
  statement<Answered>(
    db,
    tagged(
      paged(
        who,
        query,
        sql`t.document_type = 'warranty' and t.is_active and (t.ends_on is null or t.ends_on >= ${todayOf(who)})`,
        soonestFirst,
      ),
      known,
    ),
  );

/** How a list is sorted, and what of it comes behind a cursor. */
type Order = { by: SQL; isBehind: (after: DocumentCursor) => SQL };

const newestFirst: Order = { by: sql`t.id desc`, isBehind: ([, id]) => sql`t.id < ${id}::bigint` };
const soonestFirst: Order = {
  by: sql`t.ends_on asc nulls last, t.id`,
  isBehind: ([ends_on, id]) => sql`
    (coalesce(t.ends_on, 'infinity'), t.id) > (coalesce(${ends_on}::date, 'infinity'), ${id}::bigint)`,
};

function paged(who: Who, { limit, after, residence_id }: PageOf, which: SQL, { by, isBehind }: Order): SQL {
  const home = residence_id === undefined ? sql`true` : sql`t.residence_id = ${residence_id}`;
  return sql`
    with paged as (
      select t.*, row_number() over (order by ${by}) as rank
      from (${seenDocuments(who, sql`${home} and ${which}`)}) t where ${after === null ? sql`true` : isBehind(after)}
      order by rank limit ${limit + 1}
    )
    select json_build_object(
      'results', coalesce((select json_agg(${documentJson(who)} order by t.rank) from paged t where t.rank <= ${limit}), '[]'),
      'next_cursor', (${nextCursor(sql`json_build_array(t.ends_on, t.id)`, limit)})) as json
    where ${
      residence_id === undefined
        ? sql`true`
        : sql`exists (select from hd_membership where residence_id = ${residence_id} and user_id = ${actorId(who)})`
    }`;
}

function matches(who: Who, { type, category, expiring_within_days, search }: DocumentsQuery): SQL {
  const conditions = [
    sql`true`,
    ...(type === undefined ? [] : [sql`t.document_type = ${type}`]),
    ...(category === undefined ? [] : [sql`lower(t.category) = lower(${category})`]),
    ...(expiring_within_days === undefined ? [] : [isExpiring(who, expiring_within_days)]),
    ...(search ? [isLike(`%${search.replace(/[\\%_]/g, '\\$&')}%`)] : []),
  ];
  return sql.join(conditions, sql` and `);
}

const isExpiring = (who: Who, days: number): SQL =>
  sql`t.is_active and t.ends_on between ${todayOf(who)} and ${todayOf(who)} + ${days}::int`;

const isLike = (pattern: string): SQL => sql`(concat_ws(E'\n', t.title, t.description, t.notes, t.category, t.item_name,
  t.model_number, t.serial_number, t.provider, array_to_string(t.tags, E'\n')) ilike ${pattern}
  or exists (select from task_documentimage f where f.document_id = t.id and f.filename ilike ${pattern}))`;

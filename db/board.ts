import { type SQL, sql } from 'drizzle-orm';
import { COLUMNS, COMPLETED_SHOWN, type ColumnName } from '../domain/board.ts';
import { type Answered, tagged } from './answer.ts';
import { type Db, statement } from './client.ts';
import { asked, askedCards, cardJson, cards, lookUps, withLookUps } from './tasks.ts';
import { actorId, type Who } from './who.ts';

export type BoardQuery = { days: number; columns: ColumnName[]; residence_id: number | null };

/** Completed: the newest completion first. Else by date, none last, then the most urgent, then the oldest. */
const withinColumn = sql`case when t.kanban_column = 'completed_tasks' then t.last_completed_at end desc nulls last,
  t.effective_date asc nulls last, coalesce(t.level, 0) desc, t.id`;

const inHome = (who: Who, residence_id: number) =>
  sql`exists (select from hd_membership where residence_id = ${residence_id} and user_id = ${actorId(who)})`;

/** The whole board in one statement; no row if the home is not one of the caller's. */
export const readBoard = (db: Db, who: Who, query: BoardQuery, known: string[]) =>
  statement<Answered>(db, tagged(boardJson(who, query), known));

/** The board as one `json`; no row if the home is not one of the caller's. */
export function boardJson(who: Who, { days, columns, residence_id }: BoardQuery): SQL {
  const shown = COLUMNS.filter(({ name }) => columns.includes(name));
  const which = residence_id === null ? sql`true` : sql`t.residence_id = ${residence_id}`;
  return sql`
      with ${asked(who)}, ${lookUps}, cards as materialized (
        select t.kanban_column, t.last_completed_at, t.effective_date, p.level, t.id, ${cardJson} as json
        from (${askedCards(which, days)}) t ${withLookUps}
      )
      select json_build_object(
        'columns', (
          select json_agg(json_build_object(
            'name', k.name, 'display_name', k.display_name, 'color', k.color, 'button_types', k.button_types,
            'count', (select count(*) from cards where kanban_column = k.name),
            'tasks', coalesce((
              select json_agg(json) from (
                select json from cards t where t.kanban_column = k.name
                order by ${withinColumn} limit case k.name when 'completed_tasks' then ${COMPLETED_SHOWN}::int end
              ) shown), '[]')))
          from json_to_recordset(${JSON.stringify(shown)}::json)
            as k (name text, display_name text, color text, button_types json)),
        'days_threshold', ${days}::int, 'today', (select today from asked), 'zone', (select zone from asked),
        'residence_id', ${residence_id}::bigint) as json
      where ${residence_id === null ? sql`true` : inHome(who, residence_id)}`;
}

/** Where a page of a column ended: the sort key of its last task. */
export type ColumnCursor = [completed: string | null, date: string | null, level: number, id: number];

/** One column as a paged list. */
export function readColumn(
  db: Db,
  who: Who,
  query: { days: number; column: ColumnName; residence_id: number | null; limit: number; after: ColumnCursor | null },
  known: string[],
) {
  const { days, column, residence_id, limit, after } = query;
  const which = residence_id === null ? sql`true` : sql`t.residence_id = ${residence_id}`;
  return statement<Answered>(
    db,
    tagged(
      sql`
      with ${lookUps}, found as (
        select t.*, coalesce(p.level, 0) as level,
          case when t.kanban_column = 'completed_tasks' then t.last_completed_at end as completed
        from (${cards(who, which, days)}) t left join task_taskpriority p on p.id = t.priority_id
        where t.kanban_column = ${column}
      ), paged as (
        select t.*, row_number() over (order by ${listOrder}) as rank from found t
        where ${after === null ? sql`true` : isAfter(after)} order by rank limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((select json_agg(${cardJson} order by t.rank) from paged t ${withLookUps} where t.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.completed, t.effective_date, t.level, t.id)`, limit)})) as json
      where ${residence_id === null ? sql`true` : inHome(who, residence_id)}`,
      known,
    ),
  );
}

const listOrder = sql`t.completed desc nulls last, t.effective_date asc nulls last, t.level desc, t.id`;

/** The rows behind a cursor, in `listOrder`. Infinities stand for the missing, since a row with a null compares as unknown. */
const isAfter = ([completed, date, level, id]: ColumnCursor): SQL => sql`
  (coalesce(${completed}::timestamptz, '-infinity'), coalesce(t.effective_date, 'infinity'), -t.level, t.id)
  > (coalesce(t.completed, '-infinity'), coalesce(${date}::date, 'infinity'), -(${level}::int), ${id}::bigint)`;

/** The cursor behind row `limit` of `paged t`, or null if no row follows it. */
export const nextCursor = (key: SQL, limit: number): SQL => sql`
  select translate(encode(convert_to((${key})::text, 'UTF8'), 'base64'), E'+/=\n', '-_')
  from paged t where t.rank = ${limit} and exists (select from paged where rank > ${limit})`;

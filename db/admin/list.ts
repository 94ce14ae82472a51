import { type SQL, sql } from 'drizzle-orm';
import { type ListQuery, readListCursor, type SortKind } from '../../domain/admin/list.ts';
import { nextCursor } from '../board.ts';

type Key = { by: SQL; kind: SortKind };
type Own = keyof ListQuery | 'search';

/**
 * A list of the dashboard as data: rows of a table aliased `t`, what is shown of one, what it may be sorted by (an index
 * behind each), and what each filter of its query asks of `t`.
 */
export type Source<Q extends ListQuery> = {
  from: SQL;
  /** The columns that are answered; made for the rows of the page alone. */
  row: SQL;
  /** Unique, and not null. */
  id?: SQL;
  sorts: Record<string, Key>;
  /** Rows whose text has a pattern of ILIKE in it. */
  search?: (pattern: string) => SQL;
  filters: { [K in Exclude<keyof Q, Own>]-?: (value: NonNullable<Q[K]>) => SQL };
};

/** The key that most lists have and no other. */
export const byId = { id: { by: sql`t.id`, kind: 'number' } } as const;

/** A page, by keyset: rows behind the cursor in the order that is asked for, ties by id. Answers `json`. */
export function listOf<Q extends ListQuery>(source: Source<Q>, query: Q, limit = query.limit): SQL {
  const { from, row, id = sql`t.id` } = source;
  const { by, kind } = keyOf(source, query);
  const after = readListCursor(kind, query);
  const isDown = query.sort.startsWith('-');
  const direction = isDown ? sql`desc` : sql`asc`;
  const behind =
    after && sql`(${by}, ${id}) ${isDown ? sql`<` : sql`>`} (${key(kind, after.key)}, ${after.id}::bigint)`;
  const which = sql.join([...(behind ? [behind] : []), ...conditions(source, query), sql`true`], sql` and `);
  return sql`
    with paged as (
      select t.*, ${by} as sort_key, ${id} as sort_id, row_number() over (order by ${by} ${direction}, ${id} ${direction}) as rank
      from ${from} t where ${which} order by ${by} ${direction}, ${id} ${direction} limit ${limit + 1}
    )
    select json_build_object(
      'results', coalesce((select json_agg((select row_to_json(x) from (select ${row}) x) order by t.rank)
        from paged t where t.rank <= ${limit}), '[]'),
      'next_cursor', (${nextCursor(sql`json_build_array(${query.sort}::text, t.sort_key, t.sort_id)`, limit)})) as json`;
}

function keyOf<Q extends ListQuery>({ sorts }: Source<Q>, { sort }: Q): Key {
  const found = sorts[sort.replace(/^-/, '')];
  if (!found) throw new Error(`A list has no key for ${sort}.`);
  return found;
}

const key = (kind: SortKind, value: string | number): SQL => {
  if (kind === 'moment') return sql`${value}::timestamptz`;
  return kind === 'text' ? sql`${value}::text` : sql`${value}::bigint`;
};

function conditions<Q extends ListQuery>(source: Source<Q>, query: Q): SQL[] {
  const given = { ...query } as Record<string, unknown>;
  const asked = Object.entries(source.filters as Record<string, (value: unknown) => SQL>)
    .filter(([name]) => given[name] !== undefined)
    .map(([name, condition]) => condition(given[name]));
  const words = given.search;
  return typeof words === 'string' && words !== '' ? [...asked, searched(source, words)] : asked;
}

/** That a row has the words somewhere; a number is an id. */
export function searched({ search, id = sql`t.id` }: Pick<Source<ListQuery>, 'search' | 'id'>, words: string): SQL {
  if (/^\d{1,18}$/.test(words)) return sql`${id} = ${words}::bigint`;
  return search ? search(`%${words.replace(/[\\%_]/g, '\\$&')}%`) : sql`false`;
}

/** The row of an id, as the list shows it. */
export const rowOf = (
  { from, row, id = sql`t.id` }: Pick<Source<ListQuery>, 'from' | 'row' | 'id'>,
  value: number | SQL,
): SQL => sql`select (select row_to_json(x) from (select ${row}) x) as json from ${from} t where ${id} = ${value}`;

import type { ReactNode } from 'react';
import type { paths } from '../../generated/api';
import { LISTS } from '../../generated/lists';
import type { Search } from '../app/router';

export type ListPath = keyof typeof LISTS;
type PageOf<P extends ListPath> = paths[P]['get']['responses'][200]['content']['application/json'];
export type Row<P extends ListPath> = PageOf<P>['results'][number];

/** A column is a field of the rows, shown as its name says, or in its own way. */
export type Column<R> = (keyof R & string) | { name: string; show: (row: R) => ReactNode; sort?: string };

/** A list as data: where it comes from, and what of a row is shown. Its filters and orders the API itself tells. */
export type List<P extends ListPath> = {
  path: P;
  /** What stands in the place of `{…}` in the path. */
  params?: Record<string, string>;
  columns: Column<Row<P>>[];
  /** Those that are there but not shown at first. */
  hidden?: string[];
  keyOf?: (row: Row<P>) => string | number;
};

export type Filter =
  | { kind: 'flag' | 'number' | 'words' | 'moment' }
  | { kind: 'choice'; options: readonly string[]; usual: string | null };

type Asked = { sorts: readonly string[]; has_csv: boolean; has_search: boolean; filters: Record<string, Filter> };

export const askedOf = (path: ListPath): Asked => LISTS[path];

/** The part of a page's address that is of the table, as the API is asked. */
export function addressOf(
  { path, params = {} }: Pick<List<ListPath>, 'path' | 'params'>,
  search: Search,
  more: Search = {},
): string {
  const { filters, sorts, has_search } = askedOf(path);
  const names = [
    ...Object.keys(filters),
    'limit',
    'cursor',
    ...(sorts.length ? ['sort'] : []),
    ...(has_search ? ['search'] : []),
  ];
  const given = names.flatMap((name) => (search[name] ? [[name, search[name]]] : []));
  const added = Object.entries(more).filter(([, value]) => value !== undefined);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return `${filled}?${new URLSearchParams([...given, ...added] as [string, string][])}`;
}

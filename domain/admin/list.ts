import * as z from 'zod';
import { invalid } from '../errors.ts';
import { line } from '../fields.ts';
import { PageQuery, readCursor } from '../page.ts';

/** Trigrams find nothing shorter; a number is an id. */
const SHORTEST_SEARCH = 3;

export const SearchWords = line(100)
  .refine((words) => /^\d{0,18}$/.test(words) || words.length >= SHORTEST_SEARCH, 'Must be an id, or three letters.')
  .describe('An id, or a part of at least three letters');

/** How a list of the dashboard is asked for, and in which orders: the usual one first, a minus for the last first. */
export const listQuery = <O extends readonly [string, ...string[]], F extends z.ZodRawShape>(orders: O, filters: F) =>
  PageQuery.extend({
    sort: z.enum(orders).prefault(orders[0]),
    format: z.enum(['json', 'csv']).default('json').describe('`csv`: all that match, as a file'),
    ...filters,
  });

/** The same with a field to search by. */
export const searchQuery = <O extends readonly [string, ...string[]], F extends z.ZodRawShape>(orders: O, filters: F) =>
  listQuery(orders, { search: SearchWords.optional(), ...filters });

/** What every list is asked for. */
export type ListQuery = { limit: number; cursor?: string | undefined; sort: string; format: 'json' | 'csv' };

/** Of what kind a column is that a list is sorted by. */
export type SortKind = 'number' | 'moment' | 'text';

const KEYS = { number: z.number(), moment: z.iso.datetime({ offset: true }), text: z.string().max(400) };

/** Where a page ended: by which order, its key in it, and its id. */
export type ListCursor = { key: string | number; id: number };

export function readListCursor(kind: SortKind, { sort, cursor }: ListQuery): ListCursor | null {
  const Cursor = z.tuple([z.string(), KEYS[kind], z.int()]);
  const found = readCursor(Cursor, cursor);
  if (found === null) return null;
  const [order, key, id] = found;
  if (order !== sort) throw invalid('cursor', 'Is of this list in another order.');
  return { key, id };
}

/** A condition that a filter of `true` or `false` sets. */
export const flag = () =>
  z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional();
/** An id to look for. */
export const idFilter = () => z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional();
export const momentFilter = () => z.iso.datetime({ offset: true }).optional();

import * as z from 'zod';
import { AppError } from './errors.ts';

/** How a list is asked for. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

export const page = <S extends z.ZodType>(item: S) =>
  z.object({ results: z.array(item), next_cursor: z.string().nullable().describe('Null on the last page') });

/** The sort key of the last row seen, as a client carries it: opaque, and checked when it comes back. */
export function readCursor<S extends z.ZodType>(
  schema: S,
  cursor: string | undefined,
  name = 'cursor',
): z.infer<S> | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))));
  } catch (cause) {
    const fields = { [name]: ['Is not a cursor of this list.'] };
    throw new AppError('validation', 'Some fields are missing or wrong.', { fields }, cause);
  }
}

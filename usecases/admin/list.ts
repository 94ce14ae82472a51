import { listOf, type Source } from '../../db/admin/list.ts';
import type { Answered } from '../../db/answer.ts';
import type { ListQuery } from '../../domain/admin/list.ts';
import { toCsv } from '../../domain/csv.ts';
import { readAsAdmin } from '../ask-as-admin.ts';
import type { AdminContext } from '../enter-admin.ts';

/** Of a file, in one round trip: a million rows are well below what a request may ask for. */
const ROWS_OF_A_FILE = 2000;

/** A page of a list. */
export const readList = <Q extends ListQuery>(ctx: AdminContext, source: Source<Q>, query: Q): Promise<Answered> =>
  readAsAdmin(ctx, listOf(source, query));

type Page = { results: Record<string, unknown>[]; next_cursor: string | null };

/**
 * All that match as CSV, a page in memory at a time, and each asked for when the one before has gone. What goes wrong
 * before the first line is an answer of its own; later it breaks the file off.
 */
export async function exportList<Q extends ListQuery>(
  ctx: AdminContext,
  source: Source<Q>,
  query: Q,
  columns: string[],
): Promise<ReadableStream<Uint8Array>> {
  const pageAfter = async (cursor: string | undefined): Promise<Page> => {
    // The time that a request has with the database is for its answer; here each page has it anew.
    ctx.meter.db_ms = 0;
    const { body } = await readAsAdmin(ctx, listOf(source, { ...query, cursor }, ROWS_OF_A_FILE));
    return JSON.parse(body ?? '');
  };
  const encoder = new TextEncoder();
  const first = await pageAfter(query.cursor);
  let next = first.next_cursor;
  let waiting: string | null = toCsv(first.results, columns, true);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (waiting === null) {
        const page = await pageAfter(next ?? undefined);
        next = page.next_cursor;
        waiting = toCsv(page.results, columns, false);
      }
      controller.enqueue(encoder.encode(waiting));
      waiting = null;
      if (next === null) controller.close();
    },
  });
}

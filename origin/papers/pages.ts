import type { Db } from '../../db/client.ts';
import { type After, findReportCompletions } from '../../db/report-rows.ts';
import type { ReportCompletion } from '../../domain/report.ts';
import type { Query } from '../../usecases/ask.ts';
import { newMeter } from '../../usecases/meter.ts';
import { trip } from '../../usecases/trip.ts';

/** What a statement answers, well within its time. */
export const PAGE = 1000;

/** The rows of one query. */
export async function rowsOf<Row>(db: Db, query: Query<{ found: Row }>): Promise<Row[]> {
  const [{ rows }] = await trip({ db, meter: newMeter() }, [query]);
  return rows.map(({ found }) => found);
}

/** Page by page, in the order of ids; none of it is held. */
export async function* pagesById<Row extends { id: number }>(
  db: Db,
  queryAfter: (after: number) => Query<{ found: Row }>,
  size = PAGE,
): AsyncGenerator<Row[]> {
  for (let after = 0; ; ) {
    const rows = await rowsOf(db, queryAfter(after));
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < size) return;
    after = last.id;
  }
}

/** The history of a home, the newest first. */
export async function* completionPages(
  db: Db,
  user_id: number,
  residence_id: number,
): AsyncGenerator<ReportCompletion[]> {
  for (let after: After = null; ; ) {
    const rows: ReportCompletion[] = await rowsOf(db, findReportCompletions(db, user_id, residence_id, after, PAGE));
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last;
  }
}

import { findReportHome } from '../../db/report-rows.ts';
import { toCsv } from '../../domain/csv.ts';
import { civilDate, localTime } from '../../domain/dates.ts';
import { type MakePaper, type Progress, Stopped } from '../../domain/paper.ts';
import type { ReportCompletion } from '../../domain/report.ts';
import type { Reach } from './make.ts';
import { completionPages, rowsOf } from './pages.ts';
import { filenameOf, homeOf } from './report.ts';

/** All completions of a home with what they cost, the newest first, for a spreadsheet. */
export const makeCompletions =
  ({ db, now }: Reach): MakePaper =>
  async (job, progress) => {
    const { user_id, wishes } = job;
    const residence_id = homeOf(job);
    const [home] = await rowsOf(db, findReportHome(db, user_id, residence_id));
    if (!home) throw new Stopped();
    return {
      filename: filenameOf(home.name, civilDate(now(), wishes.zone), 'csv'),
      content_type: 'text/csv; charset=utf-8',
      body: csvOf(completionPages(db, user_id, residence_id), wishes.zone, progress),
    };
  };

/** By this mark a spreadsheet knows UTF-8. */
const MARK = '\ufeff';

async function* csvOf(
  pages: AsyncIterable<ReportCompletion[]>,
  zone: string,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(MARK + toCsv([], COLUMNS, true));
  let pages_done = 0;
  for await (const page of pages) {
    const rows = page.map((done) => recordOf(done, zone));
    yield encoder.encode(toCsv(rows, COLUMNS, false));
    pages_done += 1;
    await progress(Math.min(95, 10 * pages_done));
  }
}

const COLUMNS = ['date', 'time', 'task', 'category', 'due_date', 'completed_by', 'cost', 'rating', 'notes'];

const recordOf = (done: ReportCompletion, zone: string) => ({
  date: civilDate(done.completed_at, zone),
  time: localTime(done.completed_at, zone),
  task: done.title,
  category: done.category,
  due_date: done.occurrence,
  completed_by: done.completed_by,
  cost: done.actual_cost,
  rating: done.rating,
  notes: done.notes,
});

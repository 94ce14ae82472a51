import { findReportContractors, findReportHome, findReportTasks, findReportWarranties } from '../../db/report-rows.ts';
import { safeFilename } from '../../domain/content-disposition.ts';
import { civilDate } from '../../domain/dates.ts';
import type { OpenJob } from '../../domain/long-job.ts';
import { type MakePaper, type Progress, Stopped } from '../../domain/paper.ts';
import { type Report, type ReportCompletion, type ReportTask, reportOf } from '../../domain/report.ts';
import type { Reach } from './make.ts';
import { completionPages, PAGE, pagesById, rowsOf } from './pages.ts';
import { print } from './print.ts';

/** Nobody reads more on paper; the rest is in the CSV. */
const TASKS_MAX = 5000;
const COMPLETIONS_MAX = 3000;

/** A home on paper, as whoever asked sees it today. */
export const makeReport =
  ({ db, now }: Reach): MakePaper =>
  async (job, progress) => {
    const { user_id, wishes } = job;
    const residence_id = homeOf(job);
    const [home] = await rowsOf(db, findReportHome(db, user_id, residence_id));
    if (!home) throw new Stopped();
    await progress(5);
    const tasks = await collect(
      pagesById<ReportTask>(db, (after) => findReportTasks(db, user_id, residence_id, after, PAGE)),
      TASKS_MAX,
      () => progress(15),
    );
    const done = completionPages(db, user_id, residence_id);
    const completions: ReportCompletion[] = await collect(done, COMPLETIONS_MAX + 1, () => progress(30));
    const contractors = await rowsOf(db, findReportContractors(db, user_id, residence_id, PAGE));
    const warranties = await rowsOf(db, findReportWarranties(db, user_id, residence_id, PAGE));
    await progress(40);
    const today = civilDate(now(), wishes.zone);
    const report = reportOf({
      home,
      tasks,
      completions: completions.slice(0, COMPLETIONS_MAX),
      is_cut: completions.length > COMPLETIONS_MAX,
      contractors,
      warranties,
      today,
      zone: wishes.zone,
    });
    return {
      filename: filenameOf(home.name, today, 'pdf'),
      content_type: 'application/pdf',
      body: printed(report, progress),
    };
  };

export function homeOf({ job_id, residence_id }: OpenJob): number {
  if (residence_id === null) throw new Error(`Job ${job_id} is about no home.`);
  return residence_id;
}

export const filenameOf = (name: string, today: string, ending: string): string =>
  safeFilename(`${name.replace(/[\\/]/g, ' ')} ${today}.${ending}`);

/** All pages, but no more than so many rows. */
async function collect<Row>(pages: AsyncIterable<Row[]>, most: number, step: () => Promise<void>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const page of pages) {
    all.push(...page.slice(0, most - all.length));
    await step();
    if (all.length >= most) break;
  }
  return all;
}

async function* printed(report: Report, progress: Progress): AsyncGenerator<Uint8Array> {
  const pdf = await print(report);
  await progress(90);
  yield pdf;
}

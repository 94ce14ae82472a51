import type { MakePaper } from '../../domain/paper.ts';
import type { Worker } from '../../usecases/ports.ts';
import { makeCompletions } from './completions.ts';
import { makeExport } from './export.ts';
import { makeReport } from './report.ts';

export type Reach = Pick<Worker, 'db' | 'now' | 'files' | 'log'>;

/** What each kind of job makes. */
export const papersAt = (reach: Reach): MakePaper => {
  const makers: Record<Parameters<MakePaper>[0]['kind'], MakePaper> = {
    report: makeReport(reach),
    completions: makeCompletions(reach),
    export: makeExport(reach),
  };
  return (job, progress) => makers[job.kind](job, progress);
};

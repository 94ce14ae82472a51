import * as z from 'zod';
import type { Made } from './paper.ts';

/** What of them somebody may ask for in a day, of all kinds together. */
export const JOBS_PER_DAY = { name: 'long_job', quota: 10, window_s: 86_400 };
/** So long the result is there to be fetched, and what failed or was cancelled says so. */
export const RESULT_HOURS = 24;

export const LongJobKind = z.enum(['report', 'completions', 'export']);
export type LongJobKind = z.infer<typeof LongJobKind>;

export const LongJob = z
  .object({
    id: z.int(),
    kind: LongJobKind.describe('A PDF of a home, a CSV of its completions, or a ZIP of all that is yours'),
    residence_id: z.int().nullable(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    progress: z.int().min(0).max(100).describe('In percent'),
    error: z.string().nullable().describe('Why it failed, for people'),
    filename: z.string().nullable(),
    size: z.int().nullable().describe('In bytes'),
    download_url: z.string().nullable().describe('Where the result is, as long as it is there'),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
    expires_at: z.iso.datetime().nullable().describe('Until when the result is kept'),
  })
  .meta({ id: 'LongJob' });

const ReportKind = z.enum(['report', 'completions']);

/** Also in the query; what the body says goes before it. */
export const ReportRequest = z
  .object({ kind: ReportKind.optional().describe('A report as PDF, or completions and costs as CSV') })
  .meta({ id: 'ReportRequest' });

export const ReportQuery = z.object({
  kind: ReportKind.default('report'),
  download: z.enum(['true', 'false']).default('false').describe('No mail when it is done: the caller asks the job'),
});

/** Where a page of jobs ended. */
export const LongJobCursor = z.tuple([z.int().nonnegative()]);

/** What was asked for beyond the kind. */
export type Wishes = {
  /** In which the days are counted. */
  zone: string;
  /** Whether a mail says that it is done. */
  mail: boolean;
};

/** A job to be worked on. */
export type OpenJob = {
  job_id: number;
  user_id: number;
  residence_id: number | null;
  kind: LongJobKind;
  wishes: Wishes;
};

/** A job whose result lies in storage. */
export type FinishedJob = Made & { job_id: number };

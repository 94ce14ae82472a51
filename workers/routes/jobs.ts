import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { readJob, readJobs } from '../../db/long-job-lists.ts';
import { LongJob, LongJobCursor, ReportQuery, ReportRequest } from '../../domain/long-job.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { read } from '../../usecases/ask.ts';
import { endLongJob } from '../../usecases/jobs/end.ts';
import { linkFromMail, linkToResult } from '../../usecases/jobs/link.ts';
import { type RequestedJob, requestExport, requestReport } from '../../usecases/jobs/request.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { endpoint, Id, optionalBody, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

/** Above the sign-in line: the link is the key. */
export const downloads = new Hono<AppEnv>({ strict: false });

downloads.get(
  '/',
  endpoint('Follow the link of a mail to a report or an export', { 302: null }, [404]),
  query(z.object({ t: z.string().max(200).describe('What the link carries') })),
  async (c) => sendLink(c, await linkFromMail(c.var.asking, c.req.valid('query').t)),
);

/** Below it: what is asked for, of a home and of an account. */
export const reports = new Hono<AppEnv>({ strict: false });

reports.post(
  '/:id{[0-9]+}/report',
  endpoint(
    'Have a report of a home made; a mail brings it, or whoever downloads it asks its job',
    { 202: LongJob },
    [403, 404, 409, 413, 415, 422],
  ),
  params(Id),
  query(ReportQuery),
  optionalBody(ReportRequest),
  async (c) => {
    const { kind, download } = c.req.valid('query');
    const asked = { kind: c.req.valid('json').kind ?? kind, residence_id: c.req.valid('param').id };
    return sendRequested(c, await requestReport(c.var.ctx, asked, download === 'false'));
  },
);

export const exports = new Hono<AppEnv>({ strict: false });

exports.post(
  '/export',
  endpoint('Have all that is yours put into a ZIP; a mail brings it', { 202: LongJob }, [403, 409, 413, 422]),
  async (c) => sendRequested(c, await requestExport(c.var.ctx)),
);

export const jobs = new Hono<AppEnv>({ strict: false });

jobs.get(
  '/',
  endpoint('List what you have asked for, the newest first', { 200: page(LongJob) }),
  query(PageQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { limit, cursor } = c.req.valid('query');
    const [after] = readCursor(LongJobCursor, cursor) ?? [null];
    return sendRead(c, await read(c.var.ctx, readJobs(db, who, { limit, after }, known)));
  },
);

jobs.get('/:id{[0-9]+}', endpoint('Read how far a job is', { 200: LongJob }), params(Id), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readJob(db, who, c.req.valid('param').id, known)));
});

jobs.get(
  '/:id{[0-9]+}/file',
  endpoint('Fetch what a job has made, by a link to storage that is good for five minutes', { 302: null }),
  params(Id),
  async (c) => sendLink(c, await linkToResult(c.var.ctx, c.req.valid('param').id)),
);

jobs.delete(
  '/:id{[0-9]+}',
  endpoint('Cancel a job, or remove one that has ended, with its file', { 204: null }, [403, 409, 412, 422]),
  params(Id),
  async (c) => sendWritten(c, await endLongJob(c.var.ctx, c.req.valid('param').id)),
);

function sendRequested(c: Context<AppEnv>, { written, limit }: RequestedJob): Response {
  if (limit) c.header('ratelimit', `"${limit.name}";r=${limit.remaining};t=${limit.reset_s}`);
  return sendWritten(c, written);
}

function sendLink(c: Context<AppEnv>, url: string): Response {
  c.header('cache-control', 'private, no-store');
  c.header('referrer-policy', 'no-referrer');
  return c.redirect(url, 302);
}

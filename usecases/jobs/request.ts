import { sql } from 'drizzle-orm';
import { isViolationOf } from '../../db/errors.ts';
import { findStored, type Stored } from '../../db/idempotency.ts';
import { type Asked, findRoom, jobWritten, type Room } from '../../db/long-job-lists.ts';
import { addJob, newJobId } from '../../db/long-jobs.ts';
import { AppError } from '../../domain/errors.ts';
import { JOBS_PER_DAY } from '../../domain/long-job.ts';
import { allow, type LimitState } from '../accounts/limits.ts';
import { ask, nothingHere } from '../ask.ts';
import { commit, replay, type Written } from '../commit.ts';
import type { Context } from '../ports.ts';

export type RequestedJob = { written: Written; limit: LimitState | null };

/** A PDF or a CSV of a home, for any of its members. */
export const requestReport = (ctx: Context, asked: Asked, mail: boolean): Promise<RequestedJob> =>
  request(ctx, asked, 'report.requested', mail);

/** All that the caller has. */
export const requestExport = (ctx: Context): Promise<RequestedJob> =>
  request(ctx, { kind: 'export', residence_id: null }, 'export.requested', true);

type Requested = 'report.requested' | 'export.requested';

/** Asks for something that takes long. One of a kind at a time: the database settles who of two was first. */
async function request(ctx: Context, asked: Asked, type: Requested, mail: boolean): Promise<RequestedJob> {
  const { db, who, key } = ctx;
  const finding = findRoom(db, who, asked, JOBS_PER_DAY, key);
  const [row, stored] = key
    ? await ask<[{ found: Room }, { found: Stored }]>(ctx, finding, findStored(db, who, key))
    : await ask<[{ found: Room }]>(ctx, finding);
  if (stored) return { written: replay(ctx, stored.found), limit: null };
  if (!row) throw nothingHere();
  const { open_id, counted, zone } = row.found;
  if (open_id !== null) throw isOpen();
  const limit = allow(JOBS_PER_DAY, counted ?? undefined);
  const written = await commit(ctx, {
    guard: { residence_id: null },
    changes: [addJob(db, { ...asked, wishes: { zone, mail } })],
    event: { type, user_id: sql`hd_me()`, job_id: newJobId },
    status: 202,
    answer: jobWritten(who, newJobId),
  }).catch((error) => {
    throw isViolationOf('long_job_one_open', error) ? isOpen() : error;
  });
  return { written, limit };
}

/** How long to wait before asking again makes sense. */
const RETRY_AFTER_S = 30;

const isOpen = () =>
  new AppError('conflict', 'One of this kind is being made for you. Wait for it, or cancel it.', {
    retry_after_s: RETRY_AFTER_S,
  });

import { sql } from 'drizzle-orm';
import { findJob } from '../../db/long-job-lists.ts';
import { endJob } from '../../db/long-jobs.ts';
import { change } from '../change.ts';
import type { Written } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Cancels what is being made, removes what was made. Whoever works on it finds out at the next step. */
export const endLongJob = (ctx: Context, job_id: number): Promise<Written> =>
  change(ctx, {
    find: () => findJob(ctx.db, ctx.who, job_id),
    decide: () => ({
      guard: { residence_id: null },
      changes: [endJob(ctx.db, job_id)],
      event: { type: 'job.ended', user_id: sql`hd_me()`, job_id },
      status: 204,
    }),
  });

import * as z from 'zod';
import { Queue } from '../event.ts';
import { listQuery } from './list.ts';

const at = z.iso.datetime();

const JobState = z.enum(['waiting', 'scheduled', 'running', 'done', 'dead', 'uncertain']);

/** An event in the outbox, and how far its work is. */
export const Job = z
  .object({
    id: z.int(),
    type: z.string(),
    queue: Queue,
    state: JobState.describe('`waiting`: due; `scheduled`: due later; `uncertain`: ended, and nobody knows how'),
    event: z.record(z.string(), z.unknown()),
    attempts: z.int(),
    run_at: at,
    lease_until: at.nullable(),
    last_error: z.string().nullable(),
    request_id: z.string().nullable(),
    created_at: at,
    done_at: at.nullable(),
    dead_at: at.nullable(),
  })
  .meta({ id: 'AdminJob' });

export const JobsQuery = listQuery(['-id', 'id'], {
  state: JobState.optional(),
  queue: Queue.optional(),
  type: z.string().max(100).optional(),
});
export type JobsQuery = z.infer<typeof JobsQuery>;

export const Retried = z.object({ retried: z.int(), has_more: z.boolean() }).meta({ id: 'Retried' });

export const RetryLike = z
  .object({
    type: z.string().min(1).max(100),
    error: z.string().max(200).default('').describe('What the error begins with; without it all of the type'),
  })
  .meta({ id: 'RetryLike' });

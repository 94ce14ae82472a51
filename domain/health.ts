import * as z from 'zod';
import { Queue } from './event.ts';

const State = z.enum(['ok', 'degraded', 'down']);

/** Of events. Old: nobody works on them. */
const Backlog = z.object({
  state: State,
  pending: z.int().nullable().describe('Due and not done'),
  oldest_age_s: z.number().nullable().describe('How long the oldest of them has waited for somebody'),
  dead: z.int().nullable().describe('Dead letters'),
});

export const Health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;

export const Readiness = z
  .object({
    status: State,
    parts: z.object({
      database: z.object({ state: State, latency_ms: z.number().nullable() }),
      schema: z.object({ state: State, applied: z.int().nullable(), expected: z.int() }),
      cache: z.object({ state: z.enum(['ok', 'down', 'absent']), latency_ms: z.number().nullable() }),
      queue: Backlog.extend({ queues: z.record(Queue, Backlog).nullable() }),
    }),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof Readiness>;

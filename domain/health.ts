import * as z from 'zod';

const State = z.enum(['ok', 'degraded', 'down']);

export const Health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;

export const Readiness = z
  .object({
    status: State,
    parts: z.object({
      database: z.object({ state: State, latency_ms: z.number().nullable() }),
      schema: z.object({ state: State, applied: z.int().nullable(), expected: z.int() }),
      cache: z.object({ state: z.enum(['ok', 'degraded', 'down', 'absent']), latency_ms: z.number().nullable() }),
      queue: z.object({ state: State, pending: z.int().nullable(), oldest_age_s: z.number().nullable() }),
    }),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof Readiness>;

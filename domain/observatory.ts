import * as z from 'zod';

/** `ok`: it was asked and has answered. Whoever is not set up, or does not answer in time, takes nothing else away. */
const HeardState = z.enum(['ok', 'not_configured', 'no_answer']);

export const heard = <S extends z.ZodType>(found: S) => z.object({ state: HeardState, found: found.nullable() });
export type Heard<T> = { state: z.infer<typeof HeardState>; found: T | null };

/** One line of the log, as Loki has it. */
export const LogLine = z
  .object({
    at: z.iso.datetime(),
    runtime: z.string().nullable().describe('Who printed it: `edge`, `origin`, `worker`'),
    level: z.string(),
    event: z.string(),
    fields: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'LogLine' });
export type LogLine = z.infer<typeof LogLine>;

/** One span, as a trace store has it. */
export const KeptSpan = z
  .object({
    trace_id: z.string(),
    span_id: z.string(),
    parent_id: z.string().nullable(),
    runtime: z.string().nullable(),
    name: z.string(),
    at: z.iso.datetime(),
    ms: z.number(),
    error: z.string().nullable(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  })
  .meta({ id: 'KeptSpan' });
export type KeptSpan = z.infer<typeof KeptSpan>;

/** What fires now and was not silenced. */
export const Alert = z
  .object({
    name: z.string(),
    severity: z.string().nullable(),
    summary: z.string().nullable(),
    runbook_url: z.string().nullable(),
    since: z.iso.datetime(),
  })
  .meta({ id: 'Alert' });
export type Alert = z.infer<typeof Alert>;

/** One series of an answer to a PromQL query, and its value now. */
export type Sample = { labels: Record<string, string>; value: number };

export type LineSearch = {
  /** Lines that name any of them. */
  ids: readonly [string, ...string[]];
  from: string;
  to: string;
};

/** Those that keep what honeyDue tells of itself. Absent: not set up. Each throws if it does not answer in time. */
export type Observatory = {
  metrics?: (promql: string) => Promise<Sample[]>;
  lines?: (search: LineSearch) => Promise<LogLine[]>;
  spans?: (trace_id: string) => Promise<KeptSpan[]>;
  alerts?: () => Promise<Alert[]>;
};

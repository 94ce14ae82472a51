import * as z from 'zod';
import { AuditEntry } from './admin/audit.ts';
import { Delivery } from './admin/delivery.ts';
import { Job } from './admin/job.ts';
import { heard, KeptSpan, LogLine } from './observatory.ts';
import { placeOf } from './telemetry/trace-context.ts';

/** What a request is called: by an answer's `X-Request-Id`, by a trace, or by a whole traceparent. */
export const TraceName = z.string().regex(/^[\w.=+/-]{1,100}$/, 'Must be the id of a request or of a trace.');
export const TraceQuery = z.object({
  id: TraceName.describe('Of a request, as every answer shows it, or of a trace'),
});

/** An event that a request left behind, how far its work is, and whom was told of it. */
export const TracedEvent = Job.extend({
  trace_id: z.string().nullable(),
  deliveries: z.array(Delivery),
}).meta({ id: 'TracedEvent' });
export type TracedEvent = z.infer<typeof TracedEvent>;

/** What the database keeps of requests. */
export type TraceRows = { audit: z.infer<typeof AuditEntry>[]; events: TracedEvent[] };

export const TraceSpan = KeptSpan.extend({ depth: z.int().describe('How many spans it lies in') }).meta({
  id: 'TraceSpan',
});
export type TraceSpan = z.infer<typeof TraceSpan>;

/** All that is kept of a request, each in the order of time. */
export const Traced = z
  .object({
    id: z.string(),
    request_ids: z.array(z.string()),
    trace_ids: z.array(z.string()),
    lines: heard(z.array(LogLine)),
    spans: heard(z.array(TraceSpan).describe('Each followed by those that lie in it')),
    audit: z.array(AuditEntry),
    events: z.array(TracedEvent),
  })
  .meta({ id: 'Traced' });
export type Traced = z.infer<typeof Traced>;

export type TraceIds = { request_ids: string[]; trace_ids: string[] };

/** So many traces of one request, and requests of one trace, are followed. */
const IDS_MAX = 5;
const TRACE_ID = /^[0-9a-f]{32}$/;

/** A client may call its request what a trace is called as well. */
export function idsOf(name: string): TraceIds {
  const place = placeOf(name);
  if (place) return { request_ids: [], trace_ids: [place.trace_id] };
  return { request_ids: [name], trace_ids: TRACE_ID.test(name) ? [name] : [] };
}

/** The ids of requests and traces that what was found names. */
export const namedBy = (rows: TraceRows, lines: LogLine[], spans: KeptSpan[]): TraceIds => ({
  request_ids: texts([
    ...rows.events.map(({ request_id }) => request_id),
    ...lines.map(({ fields }) => fields.request_id),
    ...spans.map(({ attributes }) => attributes['honeydue.request_id']),
  ]),
  trace_ids: texts([
    ...rows.events.map(({ trace_id }) => trace_id),
    ...lines.map(({ fields }) => fields.trace_id),
    ...spans.map(({ trace_id }) => trace_id),
  ]),
});

const texts = (values: unknown[]): string[] =>
  values.flatMap((value) => (typeof value === 'string' && value !== '' ? value : []));

export const together = (a: TraceIds, b: TraceIds): TraceIds => ({
  request_ids: [...new Set([...a.request_ids, ...b.request_ids])].slice(0, IDS_MAX),
  trace_ids: [...new Set([...a.trace_ids, ...b.trace_ids])].slice(0, IDS_MAX),
});

export const without = (all: TraceIds, known: TraceIds): TraceIds => ({
  request_ids: all.request_ids.filter((id) => !known.request_ids.includes(id)),
  trace_ids: all.trace_ids.filter((id) => !known.trace_ids.includes(id)),
});

/** Each span followed by those that lie in it, by their time; one whose own is not kept begins anew. */
export function asTree(spans: KeptSpan[]): TraceSpan[] {
  const once = [...new Map(spans.map((span) => [span.span_id, span])).values()];
  const ids = new Set(once.map(({ span_id }) => span_id));
  const inOrder = once.toSorted((a, b) => a.at.localeCompare(b.at));
  const under = Map.groupBy(inOrder, ({ parent_id }) => (parent_id !== null && ids.has(parent_id) ? parent_id : null));
  const below = (parent_id: string | null, depth: number): TraceSpan[] =>
    (under.get(parent_id) ?? []).flatMap((span) => [{ ...span, depth }, ...below(span.span_id, depth + 1)]);
  return below(null, 0);
}

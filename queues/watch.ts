import type { Leased } from '../db/leases.ts';
import { QUEUE_OF } from '../domain/event.ts';
import { count } from '../domain/telemetry/counts.ts';
import { beginTrace, type Span, type Trace } from '../domain/telemetry/span.ts';
import type { Telemetry } from '../domain/telemetry/telemetry.ts';
import { newTrace, type Place, placeOf } from '../domain/telemetry/trace-context.ts';
import type { Meter, Notes, Worker } from '../usecases/ports.ts';

type Ending = { result: 'done' | 'uncertain' | 'put_off' | 'failed' | 'dead'; error: string | null };

/** Follows the events of a batch: each in the trace of the request that it came from, retries included. */
export type Watch = {
  notesOf(event_id: number): Notes | undefined;
  ended(event_id: number, ending: Ending): void;
  close(): void;
};

const NOBODY: Watch = { notesOf: () => undefined, ended() {}, close() {} };

export function watch({ telemetry }: Worker, leased: Leased[], meter: Meter): Watch {
  if (!telemetry) return NOBODY;
  const { counts } = telemetry;
  const started = performance.now();
  const traces = new Map(leased.map(({ event_id, traceparent }) => [event_id, traceOf(telemetry, traceparent)]));
  // What is asked for several together belongs to none of their traces: it has its own, with links to theirs.
  const shared = leased.length > 1 && telemetry.isTracing ? beginTrace(newTrace(telemetry.share)) : null;
  meter.notes = { counts, trace: shared ?? [...traces.values()][0] ?? null };
  const endings = new Map<number, Ending>();
  return {
    notesOf: (event_id) => ({ counts, trace: traces.get(event_id) ?? null }),
    ended: (event_id, ending) => void endings.set(event_id, ending),
    close() {
      for (const one of leased) {
        const ending = endings.get(one.event_id) ?? UNRECORDED;
        count(counts, 'jobs_total', { event: typeOf(one.event), result: ending.result });
        const trace = traces.get(one.event_id);
        if (trace) telemetry.keep(trace, rootOf(trace.place, started, one, ending));
      }
      if (shared) telemetry.keep(shared, batchOf(shared.place, started, traces, [...endings.values()]));
    },
  };
}

/** The database went away before anybody could say how it went. */
const UNRECORDED: Ending = { result: 'failed', error: 'database_unavailable' };

const traceOf = (telemetry: Telemetry, traceparent: string | null): Trace | null =>
  telemetry.isTracing ? beginTrace(telemetry.enter(traceparent)) : null;

/** Of the events of this release; whatever else a row says would be a label without end. */
function typeOf(event: unknown): string {
  const type = typeof event === 'object' && event !== null && 'type' in event ? String(event.type) : '';
  return Object.hasOwn(QUEUE_OF, type) ? type : 'unknown';
}

function rootOf(place: Place, started: number, one: Leased, { result, error }: Ending): Span {
  const ms = performance.now() - started;
  return {
    ...place,
    parent_id: placeOf(one.traceparent)?.span_id ?? null,
    kind: 'consumer',
    name: `job ${typeOf(one.event)}`,
    began_ms: Date.now() - ms,
    ms,
    attributes: {
      'messaging.destination.name': one.queue,
      'honeydue.event_id': one.event_id,
      'honeydue.attempt': one.attempts,
      'honeydue.result': result,
      ...(one.request_id && { 'honeydue.request_id': one.request_id }),
    },
    error,
    links: [],
  };
}

function batchOf(place: Place, started: number, traces: Map<number, Trace | null>, endings: Ending[]): Span {
  const ms = performance.now() - started;
  return {
    ...place,
    parent_id: null,
    kind: 'consumer',
    name: 'batch',
    began_ms: Date.now() - ms,
    ms,
    attributes: { 'messaging.batch.message_count': traces.size },
    error: endings.find(({ error }) => error !== null)?.error ?? null,
    links: [...traces.values()].flatMap((trace) => trace?.place ?? []),
  };
}

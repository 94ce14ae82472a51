import { count } from '../domain/telemetry/counts.ts';
import { beginTrace } from '../domain/telemetry/span.ts';
import type { Telemetry } from '../domain/telemetry/telemetry.ts';
import { enter, placeOf, spanUnder, traceparentOf } from '../domain/telemetry/trace-context.ts';
import type { Notes } from './ports.ts';

type Hop = {
  reason: string;
  request_id: string;
  /** Of the request. */
  headers: Headers;
  /** Of the try before it, if there was one: the hop belongs to the same trace. */
  notes: Notes | undefined;
};

/** Hands a request to another path: counted by its reason, and a span that is always kept. `work` says the traceparent on. */
export async function hop<T>(
  telemetry: Telemetry | undefined,
  { reason, request_id, headers, notes }: Hop,
  work: (traceparent: string | null) => Promise<T>,
): Promise<T> {
  const given = headers.get('traceparent');
  if (!telemetry) return await work(given);
  count(telemetry.counts, 'failover_total', { reason });
  const started = performance.now();
  const above = notes?.trace?.place ?? placeOf(given);
  const place = above ? spanUnder(above) : enter(null, telemetry.share);
  try {
    return await work(traceparentOf(place));
  } finally {
    const ms = performance.now() - started;
    telemetry.keep(beginTrace(place), {
      ...place,
      parent_id: above?.span_id ?? null,
      kind: 'client',
      name: 'failover',
      began_ms: Date.now() - ms,
      ms,
      attributes: { 'failover.reason': reason, 'honeydue.request_id': request_id },
      error: reason,
      links: [],
    });
  }
}

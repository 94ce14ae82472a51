import { count, observe } from '../../domain/telemetry/counts.ts';
import { beginTrace, type Span } from '../../domain/telemetry/span.ts';
import type { Telemetry } from '../../domain/telemetry/telemetry.ts';
import { enter, type Place, placeOf } from '../../domain/telemetry/trace-context.ts';
import type { Meter, Ports } from '../../usecases/ports.ts';

/** A trace waits so long for what its answer left behind; whatever ends later is no part of it. */
const PATIENCE_MS = 2000;

type Told = {
  request_id: string;
  method: string;
  route: string;
  status: number;
  user_id: number | null;
  meter: Meter;
  started: number;
};

export type Tracked = { place: Place; defer: Ports['defer']; close(telemetry: Telemetry, told: Told): void };

/** Follows a request for whoever keeps traces and counts: from its first line to the end of what its answer left behind. */
export function track(ports: Pick<Ports, 'telemetry' | 'defer'>, headers: Headers, meter: Meter): Tracked {
  const { telemetry } = ports;
  const above = headers.get('traceparent');
  const place = enter(above, telemetry?.share ?? 0);
  const trace = telemetry?.isTracing ? beginTrace(place) : null;
  if (telemetry) meter.notes = { counts: telemetry.counts, trace };
  const behind: Promise<unknown>[] = [];
  return {
    place,
    defer(work) {
      if (trace) behind.push(work);
      ports.defer(work);
    },
    close(telemetry, told) {
      countRequest(telemetry, told);
      const root = trace && rootOf(told, place, placeOf(above)?.span_id ?? null);
      const { flush } = telemetry;
      if (!flush) return;
      ports.defer(
        inTime(behind).then(() => {
          if (trace && root) telemetry.keep(trace, root);
          return flush();
        }),
      );
    },
  };
}

function countRequest({ counts }: Telemetry, { method, route: endpoint, status, meter, started }: Told): void {
  count(counts, 'http_requests_total', { method, endpoint, status: String(status) });
  observe(counts, 'http_request_duration_seconds', { method, endpoint }, (performance.now() - started) / 1000);
  observe(counts, 'db_trips_per_request', { method, endpoint }, meter.trips);
  const isContact = method === 'POST' && /^(\/api)?\/contact\/?$/.test(endpoint);
  if (isContact && status < 300) count(counts, 'contact_submissions_total', {});
}

function rootOf(
  { request_id, method, route, status, user_id, meter, started }: Told,
  place: Place,
  parent_id: string | null,
): Span {
  const ms = performance.now() - started;
  return {
    ...place,
    parent_id,
    kind: 'server',
    name: `${method} ${route}`,
    began_ms: Date.now() - ms,
    ms,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'honeydue.request_id': request_id,
      'honeydue.trips': meter.trips,
      ...(user_id !== null && { 'user.id': String(user_id) }),
    },
    error: status >= 500 ? String(status) : null,
    links: [],
  };
}

async function inTime(works: Promise<unknown>[]): Promise<void> {
  if (works.length === 0) return;
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, PATIENCE_MS);
  await Promise.race([Promise.allSettled(works), late.promise]);
  clearTimeout(timer);
}

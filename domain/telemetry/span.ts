import { type Place, spanUnder } from './trace-context.ts';

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** Never what was said: no values of a query, no address, no path that somebody chose. */
export type Attributes = Record<string, string | number | boolean>;

export type Span = Place & {
  parent_id: string | null;
  kind: SpanKind;
  /** A function where it costs something to say, and most spans are not kept. */
  name: string | (() => string);
  began_ms: number;
  ms: number;
  attributes: Attributes;
  /** The error's name or code; null if it went well. */
  error: string | null;
  /** Others that it was done for. */
  links: Place[];
};

/** What one request, or one batch of events, did: under `place`, as it goes on. */
export type Trace = { place: Place; spans: Span[]; lost: number };

/** A request makes a handful; one that lists a thousand files is cut. */
const SPANS_MAX = 100;

export const beginTrace = (place: Place): Trace => ({ place, spans: [], lost: 0 });

type Noted = Pick<Span, 'name' | 'kind' | 'error'> &
  Partial<Pick<Span, 'attributes' | 'links' | 'parent_id'>> & {
    /** By `performance.now()`. */
    started: number;
    /** The span's own place; else one under the trace's. */
    place?: Place;
  };

/** Notes what has just ended. */
export function note(trace: Trace, { started, place, ...noted }: Noted): void {
  if (trace.spans.length >= SPANS_MAX) {
    trace.lost += 1;
    return;
  }
  const ms = performance.now() - started;
  const { place: above } = trace;
  trace.spans.push({
    parent_id: above.span_id,
    attributes: {},
    links: [],
    ...(place ?? spanUnder(above)),
    ...noted,
    began_ms: Date.now() - ms,
    ms,
  });
}

export const errorName = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
};

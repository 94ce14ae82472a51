import { type Counts, count, type Series } from './counts.ts';
import { withoutSecrets } from './redaction.ts';
import type { Attributes, Span, Trace } from './span.ts';
import { enter, isChosen, type Place } from './trace-context.ts';

/** One line of the log, as Loki wants it. */
export type Line = { at_ms: number; level: 'info' | 'error'; text: string };

export type Sinks = {
  traces?: (spans: Span[]) => void;
  logs?: (line: Line) => void;
  /** Sends what waits in any of them, for a moment's worth of requests together. Absent: there are none. */
  flush?: () => Promise<void>;
};

export type Sampling = {
  /** Of the traces that begin with us and are neither slow nor failed. */
  share: number;
  slow_ms: number;
};

/** What an isolate or a process notes of itself, and whom it tells. Everything here costs memory and no waiting. */
export type Telemetry = {
  counts: Counts;
  /** Of the traces that begin here. */
  share: number;
  /** Whether anybody keeps spans. */
  isTracing: boolean;
  /** Where a request or a job stands that comes with this traceparent, if it has one. */
  enter(traceparent: string | null): Place;
  /** Takes a trace that has come to its end, with its first span: keeps it if it failed, was slow or was chosen. */
  keep(trace: Trace, root: Span): void;
  line(line: Line): void;
  /** To be called after the answer. Absent: nobody is told. */
  flush?: () => Promise<void>;
};

/** Who says that a trace be kept is believed so often in a minute. The public may say so too. */
const ASKED_FOR_MAX = 60;
const MINUTE_MS = 60_000;

export function newTelemetry(counts: Counts, sampling: Sampling, sinks: Sinks): Telemetry {
  const { share, slow_ms } = sampling;
  let asked = { since_ms: 0, times: 0 };
  const isWanted = ({ trace_id, is_sampled }: Place): boolean => {
    if (isChosen(trace_id, share)) return true;
    if (!is_sampled) return false;
    if (Date.now() - asked.since_ms > MINUTE_MS) asked = { since_ms: Date.now(), times: 0 };
    asked.times += 1;
    return asked.times <= ASKED_FOR_MAX;
  };
  return {
    counts,
    share,
    isTracing: sinks.traces !== undefined,
    enter: (traceparent) => enter(traceparent, share),
    keep(trace, root) {
      if (!sinks.traces) return;
      if (root.error === null && root.ms < slow_ms && !isWanted(root)) return;
      if (trace.lost > 0) count(counts, 'telemetry_dropped_total', { sink: 'traces' }, trace.lost);
      sinks.traces([root, ...trace.spans].map(withoutValues));
    },
    line: (line) => sinks.logs?.(line),
    ...(sinks.flush && { flush: sinks.flush }),
  };
}

/** Names and attributes are ours; what an error calls itself may be anybody's. */
function withoutValues(span: Span): Span {
  const name = typeof span.name === 'string' ? span.name : span.name();
  const attributes: Attributes = {};
  for (const [key, value] of Object.entries(span.attributes)) {
    attributes[key] = typeof value === 'string' && !OURS.has(key) ? withoutSecrets(value) : value;
  }
  return { ...span, name, attributes, error: span.error && withoutSecrets(span.error) };
}

/** A client may name its request as it likes, within `observe`'s bounds. */
const OURS = new Set(['honeydue.request_id']);

/** Deltas as the edge sends them. The id is the same for every try of one batch. */
export type CountsBatch = { id: string; release: string; series: Series[] };

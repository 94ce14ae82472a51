import { type Counts, count, take } from '../../domain/telemetry/counts.ts';
import { toOtlp } from '../../domain/telemetry/otlp.ts';
import type { Span } from '../../domain/telemetry/span.ts';
import type { CountsBatch, Line, Sinks } from '../../domain/telemetry/telemetry.ts';
import { post } from './post.ts';
import type { TelemetrySettings } from './settings.ts';
import { newBuffer, newSink, type SinkOptions } from './sink.ts';

/** So much waits at most, in an isolate as in a process: about a megabyte each. */
const SPANS_MAX = 2000;
const CHARACTERS_MAX = 1_000_000;
const TRIES_MAX = 3;

type Times = { wait_ms: number; deadline_ms: number; rest_ms: number };
/** Unsent counts are lost with their isolate: no more than a second of them. */
const TIMES: Times = { wait_ms: 1000, deadline_ms: 3000, rest_ms: 5000 };

type Failed = (sink: string, error: unknown) => void;
type Way = Omit<SinkOptions<unknown>, 'take' | 'send'>;

/** Those that the settings name. None: nothing is kept for anybody, and nothing is sent. */
export function sinksFrom(
  settings: TelemetrySettings,
  counts: Counts,
  failed: Failed,
  times: Partial<Times> = {},
): Sinks {
  const { OTLP_URL, LOKI_URL, METRICS_URL } = settings;
  const wayOf = (sink: string): Way => ({
    ...TIMES,
    ...times,
    tries_max: TRIES_MAX,
    dropped: (size) => count(counts, 'telemetry_dropped_total', { sink }, size),
    failed: (error) => failed(sink, error),
  });
  const traces = OTLP_URL && tracesTo(OTLP_URL, settings, counts.runtime, wayOf('traces'));
  const logs = LOKI_URL && logsTo(LOKI_URL, settings, counts.runtime, wayOf('logs'));
  const metrics = METRICS_URL && metricsTo(METRICS_URL, settings, counts, wayOf('metrics'));
  const sinks = [traces, logs, metrics].flatMap((sink) => sink || []);
  return {
    ...(traces && { traces: traces.add }),
    ...(logs && { logs: (line: Line) => logs.add([line]) }),
    ...(sinks.length > 0 && {
      async flush() {
        await Promise.all(sinks.map(({ flush }) => flush()));
      },
    }),
  };
}

function tracesTo(url: string, { OTLP_HEADERS, RELEASE }: TelemetrySettings, runtime: string, way: Way) {
  const { add, take } = newBuffer<Span>(SPANS_MAX, () => 1, way.dropped);
  const resource = { 'service.name': 'honeydue', 'service.version': RELEASE, 'honeydue.runtime': runtime };
  const send = (spans: Span[], signal: AbortSignal) => post(url, toOtlp(spans, resource), OTLP_HEADERS, signal);
  return { add, flush: newSink({ ...way, take, send }) };
}

function logsTo(url: string, { LOKI_AUTH }: TelemetrySettings, runtime: string, way: Way) {
  const { add, take } = newBuffer<Line>(CHARACTERS_MAX, ({ text }) => text.length, way.dropped);
  const authorization = LOKI_AUTH && (/\s/.test(LOKI_AUTH) ? LOKI_AUTH : `Basic ${btoa(LOKI_AUTH)}`);
  const headers: Record<string, string> = authorization ? { authorization } : {};
  const send = (lines: Line[], signal: AbortSignal) => post(url, toLoki(lines, runtime), headers, signal);
  return { add, flush: newSink({ ...way, take, send }) };
}

/** One stream for each level: whatever has many values stays in the line. */
const toLoki = (lines: Line[], runtime: string) => ({
  streams: [...Map.groupBy(lines, ({ level }) => level)].map(([level, alike]) => ({
    stream: { service_name: 'honeydue', runtime, level },
    values: alike.map(({ at_ms, text }) => [`${BigInt(at_ms) * 1_000_000n}`, text]),
  })),
});

/** Kept until they are taken: counts take no more room while they wait, and the id keeps them from being counted twice. */
function metricsTo(url: string, { METRICS_TOKEN, RELEASE }: TelemetrySettings, counts: Counts, way: Way) {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const send = (batch: CountsBatch, signal: AbortSignal) => post(url, batch, headers, signal);
  const takeCounts = () => {
    const series = take(counts);
    return series.length === 0 ? null : { body: { id: crypto.randomUUID(), release: RELEASE, series }, size: 1 };
  };
  return { flush: newSink({ ...way, tries_max: Number.POSITIVE_INFINITY, take: takeCounts, send }) };
}

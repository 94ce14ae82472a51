import type { Attributes, Span, SpanKind } from './span.ts';

// OTLP in JSON (opentelemetry-proto 1.x): ids in hex, 64-bit numbers as text, enums as numbers. A test reads it with the
// protocol's own definitions.

const KINDS: Record<SpanKind, number> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const ERROR = 2;

/** An ExportTraceServiceRequest. */
export const toOtlp = (spans: readonly Span[], resource: Attributes) => ({
  resourceSpans: [
    {
      resource: { attributes: toAttributes(resource) },
      scopeSpans: [{ scope: { name: 'honeydue' }, spans: spans.map(toSpan) }],
    },
  ],
});

function toSpan({ trace_id, span_id, parent_id, name, kind, began_ms, ms, attributes, error, links }: Span) {
  return {
    traceId: trace_id,
    spanId: span_id,
    ...(parent_id && { parentSpanId: parent_id }),
    name: typeof name === 'string' ? name : name(),
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(began_ms),
    endTimeUnixNano: nanoseconds(began_ms + ms),
    attributes: toAttributes(attributes),
    links: links.map((link) => ({ traceId: link.trace_id, spanId: link.span_id })),
    ...(error && { status: { code: ERROR, message: error } }),
  };
}

const toAttributes = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: toValue(value) }));

function toValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const nanoseconds = (ms: number): string => `${BigInt(Math.round(ms * 1000)) * 1000n}`;

import * as z from 'zod';
import { hex } from '../../domain/hmac.ts';
import type { KeptSpan, Observatory } from '../../domain/observatory.ts';
import { type Asked, get } from './get.ts';

const Value = z.union([
  z.object({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.object({ boolValue: z.boolean() }).transform(({ boolValue }) => boolValue),
  z.object({ intValue: z.coerce.number() }).transform(({ intValue }) => intValue),
  z.object({ doubleValue: z.number() }).transform(({ doubleValue }) => doubleValue),
]);
const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, value])));
/** OTLP has ids in hex, protobuf's own JSON, as Tempo writes it, in base64. */
const id = (digits: number) =>
  z.string().transform((text) => (text.length === digits && /^[0-9a-f]+$/i.test(text) ? text : hexOf(text)));
const Span = z.object({
  traceId: id(32),
  spanId: id(16),
  parentSpanId: id(16).optional(),
  name: z.string(),
  startTimeUnixNano: z.coerce.bigint(),
  endTimeUnixNano: z.coerce.bigint(),
  attributes: Attributes,
  status: z.object({ code: z.union([z.int(), z.string()]).optional(), message: z.string().optional() }).optional(),
});
const Resource = z.object({
  resource: z.object({ attributes: Attributes }),
  scopeSpans: z.array(z.object({ spans: z.array(Span) })),
});
/** Tempo calls them batches, OTLP resource spans. */
const Answer = z.object({ batches: z.array(Resource).optional(), resourceSpans: z.array(Resource).optional() });

/** Tempo: the spans of a trace; none, if it was not kept. */
export const tempo =
  (asked: Asked): NonNullable<Observatory['spans']> =>
  async (trace_id) => {
    const answer = await get(asked, `/api/traces/${trace_id}`, {}, Answer);
    return (answer?.batches ?? answer?.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => {
      const runtime = resource.attributes['honeydue.runtime'];
      return scopeSpans.flatMap(({ spans }) => spans.map((span) => spanOf(span, String(runtime ?? '') || null)));
    });
  };

function spanOf(span: z.output<typeof Span>, runtime: string | null): KeptSpan {
  const { traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano, attributes, status } = span;
  const hasFailed = status?.code === 2 || status?.code === 'STATUS_CODE_ERROR';
  return {
    trace_id: traceId,
    span_id: spanId,
    parent_id: parentSpanId || null,
    runtime,
    name,
    at: new Date(Number(startTimeUnixNano / 1_000_000n)).toISOString(),
    ms: Number((endTimeUnixNano - startTimeUnixNano) / 1000n) / 1000,
    error: hasFailed ? (status.message ?? 'error') : null,
    attributes,
  };
}

const hexOf = (base64: string): string => hex(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));

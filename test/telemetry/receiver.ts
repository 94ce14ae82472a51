import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js';
import * as z from 'zod';

type Behaviour = 'well' | 'fails' | 'hangs' | 'loses answers';
type Got = { path: string; headers: Record<string, unknown>; body: string };

/** A sink in this process: keeps what it is sent, and behaves as it is told. */
export async function startReceiver() {
  const got: Got[] = [];
  let behaviour: Behaviour = 'well';
  const server = createServer(async (request, response) => {
    // Null: whoever sent it gave up.
    const body = await text(request).catch(() => null);
    if (behaviour === 'hangs' || body === null) return;
    got.push({ path: request.url ?? '', headers: request.headers, body });
    if (behaviour === 'loses answers') return void response.destroy();
    response.writeHead(behaviour === 'fails' ? 500 : 204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    behave(how: Behaviour) {
      behaviour = how;
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

const Value = z.union([
  z.strictObject({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.strictObject({ intValue: z.string() }).transform(({ intValue }) => Number(intValue)),
  z.strictObject({ doubleValue: z.number() }).transform(({ doubleValue }) => doubleValue),
  z.strictObject({ boolValue: z.boolean() }).transform(({ boolValue }) => boolValue),
]);
const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, value])));
const Exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.int(),
              attributes: Attributes,
              links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
              status: z.object({ code: z.int(), message: z.string() }).optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

type Message = {
  fromObject(object: object): object;
  verify(message: object): string | null;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: object): object;
};
const Request: Message = 'opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest'
  .split('.')
  .reduce<ReturnType<typeof Reflect.get>>((part, name) => Reflect.get(part, name), root);
/** JSON has these in hex, and protobuf's own JSON in base64. */
const IDS = new Set(['traceId', 'spanId', 'parentSpanId']);
const recoded = (value: object, from: BufferEncoding, to: BufferEncoding): object =>
  JSON.parse(JSON.stringify(value), (key, one) => (IDS.has(key) ? Buffer.from(one, from).toString(to) : one));

/** What OpenTelemetry's own definitions read out of a body: all of it, or this throws. */
export function spansIn({ body }: Got) {
  const json: object = JSON.parse(body);
  const given = recoded(json, 'hex', 'base64');
  const fault = Request.verify(Request.fromObject(given));
  if (fault) throw new Error(fault);
  const bytes = Request.encode(Request.fromObject(given)).finish();
  const read = Request.toObject(Request.decode(bytes), { longs: String, bytes: String, enums: Number });
  const back = recoded(read, 'base64', 'hex');
  if (sorted(withoutEmpty(back)) !== sorted(withoutEmpty(json)))
    throw new Error(`It is read as ${JSON.stringify(back)}`);
  return Exported.parse(back).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({ ...span, runtime: resource.attributes['honeydue.runtime'] })),
    ),
  );
}

/** Protobuf knows no difference between a zero or an empty list and nothing. */
const withoutEmpty = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, one) =>
    one === 0 || (Array.isArray(one) && one.length === 0) ? undefined : one,
  );
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, one) =>
    one && typeof one === 'object' && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort()) : one,
  );

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './context.ts';
import { corsHeaders, preflight } from './cors.ts';
import { S3Error } from './error.ts';
import { readRequest, type S3Request } from './request.ts';
import { route } from './route.ts';
import { type Credentials, verifySignature } from './signature.ts';
import type { Store } from './store.ts';
import { errorDocument } from './xml.ts';

const DRAIN_BYTES_MAX = 16 * 1024 ** 2;

export type Configuration = { store: Store; credentials: Credentials; corsOrigins: readonly string[] };

/** Answers one request; never rejects. */
export async function handle(
  configuration: Configuration,
  incoming: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const { method = '', url = '', rawHeaders } = incoming;
  const common = { 'x-amz-request-id': requestId, 'x-amz-id-2': Buffer.from(requestId).toString('base64') };
  try {
    let cors: Record<string, string> = {};
    let answer: Answer;
    try {
      const request = readRequest(method, url, rawHeaders);
      cors = corsHeaders(request, configuration.corsOrigins);
      answer = await answerTo(configuration, request, incoming, response);
    } catch (error) {
      answer = refusal(error, incoming, requestId);
    }
    if (!incoming.complete) drain(incoming);
    await send(response, method, { ...answer, headers: { ...common, ...cors, ...answer.headers } });
  } catch (error) {
    // The one who asked is gone, or the answer broke off half-way and the cut connection says so.
    response.destroy();
    if (!isHangUp(error)) console.error(`s3 ${requestId}`, error);
  }
}

async function answerTo(
  { store, credentials, corsOrigins }: Configuration,
  request: S3Request,
  body: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  if (request.method === 'OPTIONS') return preflight(request, corsOrigins);
  const payloadHash = verifySignature(request, credentials, Date.now());
  const proceed = () => {
    if (/^100-continue$/i.test(request.headers.get('expect') ?? '')) response.writeContinue();
  };
  return await route({ request, body, proceed, payloadHash, store, region: credentials.region });
}

function refusal(error: unknown, incoming: IncomingMessage, requestId: string): Answer {
  if (isHangUp(error) && !incoming.complete) throw error;
  const known = error instanceof S3Error ? error : new S3Error('InternalError');
  if (known !== error) console.error(`s3 ${requestId}`, error);
  const resource = (incoming.url ?? '').split('?')[0] ?? '';
  return { status: known.status, headers: known.headers, xml: errorDocument(known, resource, requestId) };
}

async function send(response: ServerResponse, method: string, { status, headers, xml, stream }: Answer): Promise<void> {
  const body = Buffer.from(xml ?? '');
  const isBare = status === 204 || status === 304;
  const length = isBare || method === 'HEAD' ? {} : { 'content-length': String(body.length) };
  const type = xml === undefined ? {} : { 'content-type': 'application/xml' };
  response.writeHead(status, { ...length, ...type, ...headers });
  if (stream) return await pipeline(stream, response);
  response.end(method === 'HEAD' ? undefined : body);
}

/**
 * Reads on what a refused client still sends: a connection that is closed under a sender loses the answer. But not
 * for ever.
 */
function drain(incoming: IncomingMessage): void {
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DRAIN_BYTES_MAX) incoming.socket.destroy();
  });
}

function isHangUp(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

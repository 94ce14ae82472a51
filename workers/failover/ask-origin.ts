import { EDGE_HEADERS, STREAMED, signHandOver } from '../../domain/edge-signature.ts';
import { sha256 } from '../../domain/session.ts';
import { endToEnd, passedOn } from './headers.ts';
import type { Origin } from './settings.ts';

type Body = Uint8Array<ArrayBuffer> | ReadableStream | null;

export type Sending = {
  /** The client's. */
  address: string;
  request_id: string;
  /** Of the span that this is; null: nobody follows it. */
  traceparent?: string | null;
  /** Read from the request before, or still to come. */
  body: Body;
  /** For the head of the answer; a file may take longer. */
  deadline_ms: number;
};

/** The origin's answer, or why there is none that counts. */
export type Asked = { answer: Response } | { answer: null; error: string };

/** Hands a request to the origin, as it came and signed. */
export async function askOrigin(origin: Origin, request: Request, sending: Sending): Promise<Asked> {
  const { pathname, search } = new URL(request.url);
  const { body, deadline_ms } = sending;
  const headers = await signedHeaders(origin, request, sending);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), deadline_ms);
  try {
    const answer = await fetch(origin.url + pathname + search, {
      method: request.method,
      headers,
      body,
      redirect: 'manual',
      signal: patience.signal,
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    });
    if (!counts(answer)) {
      await answer.body?.cancel();
      return { answer: null, error: `status ${answer.status}` };
    }
    return { answer: new Response(answer.body, { status: answer.status, headers: endToEnd(answer.headers) }) };
  } catch (error) {
    // Nobody was there, the connection broke, or the time was over: each runtime has its own word for it.
    return { answer: null, error: patience.signal.aborted ? 'deadline' : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

async function signedHeaders(
  { secrets }: Origin,
  request: Request,
  { address, request_id, traceparent, body }: Sending,
) {
  const headers = passedOn(request.headers);
  const digest = body instanceof ReadableStream ? STREAMED : sha256(body ?? new Uint8Array(0));
  const key = headers.get('idempotency-key') ?? '';
  const handed = { method: request.method, url: request.url, address, key, digest };
  headers.set(EDGE_HEADERS.url, request.url);
  headers.set(EDGE_HEADERS.address, address);
  headers.set(EDGE_HEADERS.digest, digest);
  headers.set(EDGE_HEADERS.signature, await signHandOver(secrets[0], handed, Date.now()));
  headers.set('x-request-id', request_id);
  if (traceparent) headers.set('traceparent', traceparent);
  return headers;
}

/** The origin's own word, be it a no. An error of its own, or of whatever stands before it, is none; nor is 421, which says that it did not know us. */
const counts = ({ status, headers }: Response): boolean =>
  status === 502 || status === 503
    ? headers.get('x-served-by') === 'origin' && /^application\/problem\+json/.test(headers.get('content-type') ?? '')
    : status < 500 && status !== 421;

import { claimsTheEdge, EDGE_HEADERS, isHandedOver, STREAMED } from '../domain/edge-signature.ts';
import { AppError } from '../domain/errors.ts';
import { sha256 } from '../domain/session.ts';
import { MAX_JSON_BYTES, readBody, STREAMED_PATHS } from '../workers/http/body-limit.ts';
import { bareProblem } from '../workers/http/problem.ts';
import { certificatesOf } from './client-certificate.ts';
import type { OriginSettings } from './settings.ts';

export type Trust = {
  /** The edge's; one of them has signed. */
  secrets: readonly string[];
  /** Whether it is the certificate that our zone shows; null: none is believed. */
  isOurs: ((certificate: string) => boolean) | null;
  /** On a developer's machine. */
  isAnybodyHeard: boolean;
  now?: () => number;
};

/** Whom the settings trust. That they leave nobody to be heard is an error at the door. */
export function trustOf({ CALLERS, EDGE_SECRETS, ORIGIN_PULL_CA }: OriginSettings): Trust {
  const isAnybodyHeard = CALLERS === 'anyone';
  if (!isAnybodyHeard && !EDGE_SECRETS && !ORIGIN_PULL_CA) {
    throw new Error(
      'Nobody would be heard: give EDGE_SECRETS or ORIGIN_PULL_CA, or on your own machine CALLERS=anyone.',
    );
  }
  const isOurs = ORIGIN_PULL_CA ? certificatesOf(ORIGIN_PULL_CA) : null;
  return { secrets: EDGE_SECRETS ?? [], isOurs, isAnybodyHeard };
}

/** Who asks, and what: the request as the client made it, and the address that the client has. */
type Caller = { request: Request; address: string };

const NOT_FOR_YOU = new AppError('misdirected', 'This server answers whoever comes by way of the public address.');

/** Lets a request be answered if it is of somebody who is trusted, and says by whom it was. */
export async function answerCaller(
  asked: Request,
  peer: string,
  trust: Trust,
  answer: (caller: Caller) => Response | Promise<Response>,
): Promise<Response> {
  const caller = await callerOf(asked, peer, trust);
  const response = caller ? await answer(caller) : bareProblem(NOT_FOR_YOU, crypto.randomUUID());
  response.headers.set('x-served-by', 'origin');
  return response;
}

/** Kubernetes, which knows no secret of ours, asks how it goes. */
const PROBES = /^\/api\/health(\/ready)?\/?$/;
const CERTIFICATE = 'x-forwarded-tls-client-cert';

/**
 * Cloudflare, by the certificate of our own zone, is believed whose address it names; the edge, by its signature, also what
 * the client asked. Null: it is neither, and nobody else is heard.
 */
async function callerOf(request: Request, peer: string, trust: Trust): Promise<Caller | null> {
  const { headers, url } = request;
  if (claimsTheEdge(headers)) return await fromTheEdge(request, trust);
  const certificate = headers.get(CERTIFICATE);
  const address = headers.get('cf-connecting-ip');
  if (certificate && address && trust.isOurs?.(certificate)) return { request, address };
  return trust.isAnybodyHeard || PROBES.test(new URL(url).pathname) ? { request, address: peer } : null;
}

export async function fromTheEdge(request: Request, { secrets, now = Date.now }: Trust): Promise<Caller | null> {
  const { method } = request;
  const headers = new Headers(request.headers);
  const said = (name: keyof typeof EDGE_HEADERS): string => headers.get(EDGE_HEADERS[name]) ?? '';
  const [url, address, digest] = [said('url'), said('address'), said('digest')];
  const handed = { method, url, address, digest, key: headers.get('idempotency-key') ?? '' };
  if (!(await isHandedOver(secrets, said('signature'), handed, now()))) return null;
  for (const name of Object.values(EDGE_HEADERS)) headers.delete(name);
  if (digest === STREAMED) {
    if (!STREAMED_PATHS.includes(new URL(url).pathname.replace(/\/$/, ''))) return null;
    return { request: new Request(url, { method, headers, body: request.body, duplex: 'half' }), address };
  }
  const body = await readBody(request.body, MAX_JSON_BYTES);
  if (body.length > MAX_JSON_BYTES || sha256(body) !== digest) return null;
  const init = method === 'GET' || method === 'HEAD' ? {} : { body };
  return { request: new Request(url, { method, headers, ...init }), address };
}

import { tokenFrom } from '../../domain/session.ts';
import { MAX_JSON_BYTES, readBody } from '../http/body-limit.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

const hasBody = ({ method }: Request): boolean => method !== 'GET' && method !== 'HEAD';

/** A member's write gets a key before its first try: if its commit was made and the answer lost, the second finds it. */
export function withKey(request: Request): { request: Request; isKeyOurs: boolean } {
  const { headers } = request;
  const hasToken = tokenFrom(headers.get('authorization') ?? undefined) !== null;
  if (!hasBody(request) || !hasToken || headers.has('idempotency-key')) return { request, isKeyOurs: false };
  const keyed = new Headers(headers);
  keyed.set('idempotency-key', crypto.randomUUID());
  return { request: new Request(request, { headers: keyed }), isKeyOurs: true };
}

/** A request's body, to be sent elsewhere; undefined where it is gone, or more than anybody takes. */
export async function bodyOf(request: Request, taken: Bytes | undefined): Promise<Bytes | null | undefined> {
  if (!hasBody(request)) return null;
  if (taken) return taken;
  if (request.bodyUsed) return undefined;
  const bytes = await readBody(request.body, MAX_JSON_BYTES);
  return bytes.length > MAX_JSON_BYTES ? undefined : bytes;
}

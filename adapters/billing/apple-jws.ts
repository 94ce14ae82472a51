import { compactVerify, decodeJwt, decodeProtectedHeader, errors } from 'jose';
import * as z from 'zod';
import { type Chain, trustedKey } from './apple-chain.ts';
import { Refused } from './refused.ts';

/** A notification holds two more of its kind, each with its certificates: about 20 KiB in all. */
const MAX_CHARS = 128 * 1024;
const MAX_SKEW_MS = 60_000;

const certificate = z.base64().min(1).max(8192);
const Header = z.object({ alg: z.literal('ES256'), x5c: z.tuple([certificate, certificate, certificate]) });

/** What the App Store signed, or `Refused`. Certificates count as of the signing, as in Apple's own libraries. */
export async function verifyAppleJws<T extends { signedDate: number }>(
  jws: string,
  payload: z.ZodType<T>,
  roots: readonly string[],
  now: string,
): Promise<T> {
  if (jws.length > MAX_CHARS) throw new Refused('It is too long.');
  const { header, claims } = unverified(jws, payload);
  if (claims.signedDate > Date.parse(now) + MAX_SKEW_MS) throw new Refused('It was signed in the future.');
  const key = trustedKey(header.x5c, roots, claims.signedDate);
  await compactVerify(jws, key, { algorithms: ['ES256'] }).catch(onJoseError);
  return claims;
}

function unverified<T>(jws: string, payload: z.ZodType<T>): { header: { x5c: Chain }; claims: T } {
  try {
    return { header: Header.parse(decodeProtectedHeader(jws)), claims: payload.parse(decodeJwt(jws)) };
  } catch (error) {
    if (error instanceof z.ZodError) throw new Refused(z.prettifyError(error), { cause: error });
    if (error instanceof TypeError) throw new Refused('It is no JWS.', { cause: error });
    return onJoseError(error);
  }
}

function onJoseError(error: unknown): never {
  if (error instanceof errors.JOSEError) throw new Refused(error.message, { cause: error });
  throw error;
}

import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import { exchange } from './exchange.ts';
import { jsonText } from './json-text.ts';

const CLOCK_TOLERANCE_S = 60;
const KEYS_DEADLINE_MS = 2000;
const KEYS_MAX_BYTES = 64 * 1024;
const TOKEN_MAX_CHARS = 8 * 1024;

export type Issuer = {
  /** Where its public keys are. */
  jwks_url: string;
  /** As it may call itself. */
  issuers: string[];
  /** For whom its tokens must be made: our own ids with it. None: no token is good enough. */
  audiences: string[];
};

/** The issuer's keys cannot be had, or are none: nothing is known of the token. */
export class KeysUnavailable extends Error {}
export class TokenRefused extends Error {}

/** The claims of an OpenID Connect token, after its signature, issuer, audience and age. */
export async function verifyIdToken(
  token: string,
  { jwks_url, issuers, audiences }: Issuer,
  algorithms: string[],
  now: string,
  max_age_s?: number,
): Promise<JWTPayload> {
  if (token.length > TOKEN_MAX_CHARS) throw new TokenRefused('The token is too long.');
  try {
    const { payload } = await jwtVerify(token, keysAt(jwks_url), {
      algorithms,
      issuer: issuers,
      audience: audiences,
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'iat', 'exp'],
      ...(max_age_s && { maxTokenAge: max_age_s }),
    });
    return payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    if (error instanceof errors.JWKSInvalid) throw new KeysUnavailable(error.message, { cause: error });
    throw new TokenRefused(error.message, { cause: error });
  }
}

/** Kept as long as the isolate or process lives: the keys are fetched every ten minutes, and once for a new `kid`. */
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

function keysAt(url: string) {
  const known = keySets.get(url);
  if (known) return known;
  const keys = createRemoteJWKSet(new URL(url), { [customFetch]: fetchKeys });
  keySets.set(url, keys);
  return keys;
}

async function fetchKeys(url: string, { headers }: { headers: Headers }): Promise<Response> {
  const limits = { deadline_ms: KEYS_DEADLINE_MS, max_bytes: KEYS_MAX_BYTES };
  const { status, text } = await exchange(url, { headers }, limits).catch((cause) => {
    throw new KeysUnavailable(`No keys from ${url}.`, { cause });
  });
  const isAnswer = status === 200 && jsonText.safeParse(text).success;
  if (!isAnswer) throw new KeysUnavailable(`No keys from ${url}: status ${status}.`);
  return new Response(text);
}

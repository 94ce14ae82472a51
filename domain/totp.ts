import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { Secret, TOTP } from 'otpauth/bare';

const STEP_S = 30;
const SECRET_BYTES = 20;
/** Clocks may differ by one step either way. */
const WINDOW = 1;

const totp = (secret: string, label = '') =>
  new TOTP({
    issuer: 'honeyDue',
    label,
    secret: Secret.fromBase32(secret),
    period: STEP_S,
    hmac: (_algorithm, key, message) => hmac(sha1, key, message),
  });

/** In base32, as authenticators take it. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** What an authenticator scans. */
export const totpUrl = (secret: string, label: string): string => totp(secret, label).toString();

/** The six digits of a moment, RFC 3339. */
export const totpCode = (secret: string, at: string): string => totp(secret).generate({ timestamp: Date.parse(at) });

/** The step that a code is of, counted from 1970; null if it is of none near now. */
export function stepOf(code: string, secret: string, now: string): number | null {
  const timestamp = Date.parse(now);
  const delta = totp(secret).validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? null : Math.floor(timestamp / 1000 / STEP_S) + delta;
}

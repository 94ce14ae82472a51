import * as z from 'zod';
import { AppError } from '../../domain/errors.ts';
import { jsonText } from '../json-text.ts';

const SIGNATURE_TOLERANCE_S = 300;
const MAX_HEADER_CHARS = 2048;
const MAX_SIGNATURES = 10;

/** An id, or the whole thing if the endpoint expands it. */
const Reference = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish();

export const StripeEvent = z.object({
  id: z.string().startsWith('evt_').max(255),
  type: z.string().max(255),
  created: z.int().nonnegative().max(8.64e12),
  livemode: z.boolean(),
  data: z.object({
    object: z.object({
      object: z.string(),
      id: z.string().optional(),
      subscription: Reference,
      /** An invoice's, since the API of 2025-03-31. */
      parent: z.object({ subscription_details: z.object({ subscription: Reference }).nullish() }).nullish(),
    }),
  }),
});
export type StripeEvent = z.infer<typeof StripeEvent>;

/** The event, if any of the secrets signed exactly these bytes not long ago. Two secrets are valid while one is rotated. */
export async function verifyStripe(
  body: Uint8Array<ArrayBuffer>,
  header: string | undefined,
  secrets: readonly string[],
  now: string,
  tolerance_s = SIGNATURE_TOLERANCE_S,
): Promise<StripeEvent> {
  const { timestamp, signatures } = parse(header);
  const age_s = Date.parse(now) / 1000 - Number(timestamp);
  if (!(Math.abs(age_s) <= tolerance_s)) throw refusal('The signature is too old.');
  if (!(await isSignedByAny(secrets, signatures, joined(`${timestamp}.`, body))))
    throw refusal('The signature is not right.');
  const { success, data } = jsonText.pipe(StripeEvent).safeParse(new TextDecoder().decode(body));
  if (!success) throw new AppError('validation', 'This is no event that we know.');
  return data;
}

/** `t=1492774577,v1=5257a8…,v1=…,v0=…`: other schemes than v1 are for tests and count for nothing. */
function parse(header = ''): { timestamp: string; signatures: Uint8Array<ArrayBuffer>[] } {
  if (header.length > MAX_HEADER_CHARS) throw refusal('The signature is too long.');
  const parts = header.split(',').map((part) => part.trim());
  const timestamp = parts.find((part) => /^t=\d{1,12}$/.test(part))?.slice(2);
  const signatures = parts.filter((part) => /^v1=[0-9a-f]{64}$/.test(part)).slice(0, MAX_SIGNATURES);
  if (timestamp === undefined || signatures.length === 0) throw refusal('There is no signature.');
  return { timestamp, signatures: signatures.map((part) => new Uint8Array(Buffer.from(part.slice(3), 'hex'))) };
}

function joined(prefix: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(prefix.length + body.length);
  bytes.set(new TextEncoder().encode(prefix));
  bytes.set(body, prefix.length);
  return bytes;
}

/** `subtle.verify` takes the same time wherever the two differ. */
async function isSignedByAny(
  secrets: readonly string[],
  signatures: Uint8Array<ArrayBuffer>[],
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  for (const secret of secrets) {
    const bytes = new TextEncoder().encode(secret);
    const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
    for (const signature of signatures) {
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) return true;
    }
  }
  return false;
}

const refusal = (message: string) => new AppError('invalid_signature', message);

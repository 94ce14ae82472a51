import * as z from 'zod';
import { line } from './fields.ts';

export const IdentityProvider = z.enum(['apple', 'google']);
export type IdentityProvider = z.infer<typeof IdentityProvider>;

/** Who somebody is to Apple or Google. `subject` never changes; the address may, and Apple may keep it to itself. */
export const Identity = z.object({
  provider: IdentityProvider,
  subject: z.string(),
  email: z.string().nullable(),
  email_verified: z.boolean(),
  first_name: line(150).optional(),
  last_name: line(150).optional(),
});
export type Identity = z.infer<typeof Identity>;

/**
 * Believes an identity token or throws `invalid_credentials`; `identity_unavailable` if the issuer's keys cannot be had.
 * `nonce`: what the client put into its request, if it did; the token must carry it, or its SHA-256 in hex.
 * `max_age_s`: how long ago it may have been given out.
 */
export type VerifyIdentity = (
  provider: IdentityProvider,
  token: string,
  options: { now: string; nonce?: string | undefined; max_age_s?: number | undefined },
) => Promise<Identity>;

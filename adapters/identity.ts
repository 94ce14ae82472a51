import * as z from 'zod';
import { AppError } from '../domain/errors.ts';
import { line } from '../domain/fields.ts';
import type { Identity, IdentityProvider, VerifyIdentity } from '../domain/identity.ts';
import { sha256 } from '../domain/session.ts';
import { type Issuer, KeysUnavailable, TokenRefused, verifyIdToken } from './id-token.ts';

const RETRY_AFTER_S = 10;

/** Never left to the token to choose. */
const ALGORITHMS: Record<IdentityProvider, string[]> = { apple: ['RS256', 'ES256'], google: ['RS256'] };

/** Apple writes its booleans as strings, now and then. */
const Claim = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const Claims = z.object({
  sub: z.string().min(1).max(255),
  email: z.email().max(254).nullish(),
  email_verified: Claim.nullish(),
  nonce: z.string().optional(),
  given_name: line(150, 1).optional().catch(undefined),
  family_name: line(150, 1).optional().catch(undefined),
});

/** Verifies tokens of Sign in with Apple and Google against the issuer's own keys. */
export const remoteIdentities =
  (issuers: Record<IdentityProvider, Issuer>): VerifyIdentity =>
  async (provider, token, { now, nonce, max_age_s }) => {
    const verified = verifyIdToken(token, issuers[provider], ALGORITHMS[provider], now, max_age_s);
    const payload = await verified.catch(onRefusal);
    const { success, data: claims } = Claims.safeParse(payload);
    if (!success || !carries(claims.nonce, nonce)) throw refusal();
    return toIdentity(provider, claims);
  };

/** Asked for only if the client says what it sent: Google's iOS library puts in one that the app never sees. */
function carries(claimed: string | undefined, nonce: string | undefined): boolean {
  return nonce === undefined || claimed === nonce || claimed === sha256(nonce);
}

function toIdentity(provider: IdentityProvider, claims: z.infer<typeof Claims>): Identity {
  const { sub, email, email_verified, given_name, family_name } = claims;
  return {
    provider,
    subject: sub,
    email: email ?? null,
    email_verified: Boolean(email && email_verified),
    ...(given_name && { first_name: given_name }),
    ...(family_name && { last_name: family_name }),
  };
}

function onRefusal(error: unknown): never {
  if (error instanceof TokenRefused) throw refusal(error);
  if (!(error instanceof KeysUnavailable)) throw error;
  const details = { retry_after_s: RETRY_AFTER_S };
  throw new AppError('identity_unavailable', 'Signing in this way is not possible right now.', details, error);
}

const refusal = (cause?: Error) => new AppError('invalid_credentials', 'The identity token is not valid.', {}, cause);

import type { MyCredentials } from '../../db/credentials.ts';
import type { Attempted } from '../../db/rate-counters.ts';
import { AppError, invalid } from '../../domain/errors.ts';
import { usableHash } from '../../domain/user.ts';
import type { Context } from '../ports.ts';
import { span } from '../span.ts';
import { admitAttempt, LOGINS_PER_ADDRESS } from './limits.ts';

const FRESH_S = 300;

type Found = { attempted: Attempted; password_hash: string };

/**
 * Makes sure that the caller knows the account's password. A wrong one is no 401: that would sign the app out.
 * What is named is the field that it came in.
 */
export async function provePassword(ctx: Context, found: Found, field: string, password: string): Promise<void> {
  admitAttempt(LOGINS_PER_ADDRESS, found.attempted, false);
  const { ok } = await ctx.passwords.verify(password, usableHash(found.password_hash));
  if (!ok) throw invalid(field, 'That is not your password.');
}

type Token = { identity_token: string; nonce: string | undefined };

/** The same for whoever signs in with Apple or Google, and has just done so again. */
export async function proveIdentity(ctx: Context, found: MyCredentials, { identity_token, nonce }: Token) {
  admitAttempt(LOGINS_PER_ADDRESS, found.attempted, false);
  for (const { provider, subject } of found.identities) {
    const options = { now: ctx.now(), nonce, max_age_s: FRESH_S };
    const identity = await span(ctx, provider, () => ctx.verifyIdentity(provider, identity_token, options)).catch(
      onRefusal,
    );
    if (identity?.subject === subject) return;
  }
  throw invalid('identity_token', 'Sign in once more, and send the token that you get.');
}

function onRefusal(error: unknown): null {
  if (error instanceof AppError && error.code === 'invalid_credentials') return null;
  throw error;
}

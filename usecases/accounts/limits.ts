import { sql } from 'drizzle-orm';
import type { Attempt, Attempted, Counted } from '../../db/rate-counters.ts';
import { idByName } from '../../db/users.ts';
import { AppError, type ErrorDetails } from '../../domain/errors.ts';
import { sha256 } from '../../domain/session.ts';
import type { Context } from '../ports.ts';

export type Limit = { name: string; quota: number; window_s: number };

/** api.md, rate limits: counted exactly, inside the first trip of the operation that they protect. */
export const LOGINS_PER_ADDRESS: Limit = { name: 'login', quota: 10, window_s: 60 };
export const CODES_PER_ADDRESS: Limit = { name: 'code', quota: 10, window_s: 60 };
export const REGISTRATIONS_PER_ADDRESS: Limit = { name: 'register', quota: 60, window_s: 60 };
/** New codes by mail, for an account and a purpose. */
export const NEW_CODES: Limit = { name: 'new_code', quota: 5, window_s: 3600 };
/** Distinct addresses that may try an account: one attacker counts once, and cannot lock the owner out. */
export const ADDRESSES_PER_ACCOUNT = { quota: 5, window_s: 900 };

export const perAddress = (limit: Limit, address: string) => ({
  ...limit,
  subject: `${limit.name}:address:${address}`,
});

/** A try of `limit`'s kind at an account. One that nobody has is named by a digest: the table holds no e-mail addresses. */
export function attemptAt(limit: Limit, name: string, address: string): Attempt {
  const [nobody, source] = [sha256(name.toLowerCase()), sha256(address)];
  const subject = sql`${`${limit.name}:account:`}::text || coalesce(${idByName(name)}, ${nobody})`;
  return { address: perAddress(limit, address), account: { ...ADDRESSES_PER_ACCOUNT, subject }, source };
}

/** The same of whoever is signed in, whose password is asked for once more. */
export function attemptIn({ who, address }: Context): Attempt {
  const subject = `${LOGINS_PER_ADDRESS.name}:session:${who.digest}`;
  const account = { ...ADDRESSES_PER_ACCOUNT, subject };
  return { address: perAddress(LOGINS_PER_ADDRESS, address), account, source: sha256(address) };
}

/** Refuses an attempt that was one too many. An address that the account is signed in from always has its place. */
export function admitAttempt(limit: Limit, tried: Attempted | undefined, knows_address: boolean): LimitState {
  if (!tried) throw new Error('An attempt was not counted.');
  const state = allow(limit, tried);
  if (tried.has_place || knows_address) return state;
  const account = { ...ADDRESSES_PER_ACCOUNT, name: 'account' };
  throw tooMany(account, { count: account.quota, reset_s: tried.account_reset_s ?? account.window_s });
}

export type LimitState = NonNullable<ErrorDetails['limit']>;

/** Where a caller stands with an exact limit, for the RateLimit header; or a refusal. */
export function allow(limit: Limit, counted: Counted | undefined): LimitState {
  if (!counted) throw new Error('A use was not counted.');
  if (counted.count > limit.quota) throw tooMany(limit, counted);
  return within(limit, counted);
}

const within = (limit: Limit, { count, reset_s }: Counted): LimitState => ({
  ...limit,
  remaining: Math.max(0, limit.quota - count),
  reset_s,
});

const tooMany = (limit: Limit, counted: Counted): AppError =>
  new AppError('rate_limited', 'Too many attempts. Wait a moment.', {
    retry_after_s: Math.max(1, counted.reset_s),
    limit: within(limit, counted),
  });

import type { Counted } from '../../db/rate-counters.ts';
import { AppError, type ErrorDetails } from '../../domain/errors.ts';
import { sha256 } from '../../domain/session.ts';

type Limit = { name: string; quota: number; window_s: number };

/** api.md, rate limits: counted exactly, inside the first trip of the operation that they protect. */
export const LOGINS_PER_ADDRESS: Limit = { name: 'login', quota: 10, window_s: 60 };
export const REGISTRATIONS_PER_ADDRESS: Limit = { name: 'register', quota: 60, window_s: 60 };
/** Distinct addresses that may fail on one account: one attacker counts once, and cannot lock the owner out. */
export const FAILING_ADDRESSES_PER_ACCOUNT: Limit = { name: 'account', quota: 5, window_s: 900 };

export const perAddress = ({ name }: Limit, address: string): string => `${name}:address:${address}`;

/** The account is named by a digest, so that the table holds no e-mail addresses. */
export const perAccount = async (name: string): Promise<string> => `login:account:${await sha256(name.toLowerCase())}`;

export type LimitState = NonNullable<ErrorDetails['limit']>;

/** Where a caller stands with an exact limit, for the RateLimit header. */
export const within = (limit: Limit, counted: Counted = { count: 0, reset_s: limit.window_s }): LimitState => ({
  ...limit,
  remaining: Math.max(0, limit.quota - counted.count),
  reset_s: counted.reset_s,
});

export const tooMany = (limit: Limit, counted: Counted): AppError =>
  new AppError('rate_limited', 'Too many attempts. Wait a moment.', {
    retry_after_s: Math.max(1, counted.reset_s),
    limit: within(limit, counted),
  });

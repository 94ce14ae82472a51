import type { Context } from 'hono';
import type { Answered } from '../../db/answer.ts';
import type { LimitState } from '../../usecases/accounts/limits.ts';
import type { Written } from '../../usecases/commit.ts';
import type { AppEnv } from './env.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Sends what Postgres made, as it made it; or 304 if the caller has it. */
export function sendRead(c: Context<AppEnv>, { body, etag }: Answered): Response {
  c.set('sent', { body, etag });
  return body === null ? c.body(null, 304, { etag }) : c.body(body, 200, { ...JSON_TYPE, etag });
}

/** Sends what Postgres made for an admin. */
export const sendMade = (c: Context<AppEnv>, { body }: Answered): Response => c.body(body ?? '', 200, JSON_TYPE);

type Uncached = { status?: 200 | 201; body: string; limit: LimitState };

/** Sends what a write came to; a replay looks like the first answer, and says what it is. */
export function sendWritten(c: Context<AppEnv>, { status, body, etag, is_replay }: Written): Response {
  if (is_replay) c.header('idempotency-replayed', 'true');
  if (status === 204 || body === null) return c.body(null, 204);
  return c.body(body, status, { ...JSON_TYPE, ...(etag !== null && { etag }) });
}

/** Sends what no cache may keep, and where the caller stands with its exact limit. */
export function sendUncached(c: Context<AppEnv>, { status = 200, body, limit }: Uncached): Response {
  c.header('ratelimit', `"${limit.name}";r=${limit.remaining};t=${limit.reset_s}`);
  c.header('cache-control', 'no-store');
  return c.body(body, status, JSON_TYPE);
}

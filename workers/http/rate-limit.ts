import type { MiddlewareHandler } from 'hono';
import { AppError } from '../../domain/errors.ts';
import { sha256, tokenFrom } from '../../domain/session.ts';
import type { AppEnv } from './env.ts';

/** api.md, rate limits. `wrangler.toml` gives the platform's limiter the same figures. */
export const REQUESTS_PER_MINUTE = { token: 300, address: 600 } as const;
const WINDOW_S = 60;
const POLICY = Object.entries(REQUESTS_PER_MINUTE)
  .map(([by, quota]) => `"${by}";q=${quota};w=${WINDOW_S}`)
  .join(', ');

/** Counts the request for its address and, if it has one, its token. */
export const rateLimit = (): MiddlewareHandler<AppEnv> =>
  async function rateLimit(c, next) {
    c.header('ratelimit-policy', POLICY);
    const token = tokenFrom(c.req.header('authorization'));
    const [address, digest] = await Promise.all([
      c.env.limit('address', c.env.address),
      token === null || c.env.limit('token', sha256(token)),
    ]);
    if (!address || !digest) {
      throw new AppError('rate_limited', 'Too many requests. Wait a moment.', { retry_after_s: WINDOW_S });
    }
    await next();
  };

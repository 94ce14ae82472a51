import type { MiddlewareHandler } from 'hono';
import { AppError } from '../../domain/errors.ts';
import type { AppEnv } from './env.ts';

const RETRY_AFTER_S = 1;
/** Whoever asks how it goes is told, all the more now. */
const PROBES = /^\/api\/health(\/|$)/;

/** Says no at once to what this process would answer too late: a refusal is quick, and leaves the others their time. */
export const shedLoad = (): MiddlewareHandler<AppEnv> =>
  async function shedLoad(c, next) {
    if (!c.env.enter || PROBES.test(c.req.path)) return await next();
    const leave = c.env.enter();
    if (!leave) {
      throw new AppError('overloaded', 'Too much is asked at once. Try again in a moment.', {
        retry_after_s: RETRY_AFTER_S,
      });
    }
    try {
      await next();
    } finally {
      leave();
    }
  };

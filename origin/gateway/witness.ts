import { Failure } from './failure.ts';
import type { Pool } from './pool.ts';

export type Log = (event: string, fields?: Record<string, unknown>) => void;

/** Says when Redis begins to fail and when it is well again, and is silent in between. */
export function witnessed(pool: Pool, log: Log): Pool {
  let isWell = true;
  return {
    ...pool,
    async use(signal, work) {
      try {
        const result = await pool.use(signal, work);
        if (!isWell) log('redis.well');
        isWell = true;
        return result;
      } catch (error) {
        if (isWell && error instanceof Failure && error.status >= 500) {
          log('redis.failing', { error: error.message, cause: String(error.cause ?? '') });
          isWell = false;
        }
        throw error;
      }
    },
  };
}

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Count } from '../domain/cache.ts';
import type { Ports } from '../usecases/ports.ts';
import { REQUESTS_PER_MINUTE } from '../workers/http/rate-limit.ts';

const WINDOW_S = 60;

/** Counts requests with all other pods where Redis answers, else in this process: a limit there always is. */
export function newLimit(): (count?: Count) => Ports['limit'] {
  const own = {
    token: new RateLimiterMemory({ points: REQUESTS_PER_MINUTE.token, duration: WINDOW_S }),
    address: new RateLimiterMemory({ points: REQUESTS_PER_MINUTE.address, duration: WINDOW_S }),
  };
  return (count) => async (by, subject) => {
    const counted = await count?.(`${by}:${subject}`, { window_s: WINDOW_S });
    return counted ? counted.count <= REQUESTS_PER_MINUTE[by] : await consumes(own[by], subject);
  };
}

/** True if the subject had a point left. The limiter rejects with its own kind of result, and with errors of ours. */
async function consumes(counter: RateLimiterMemory, subject: string): Promise<boolean> {
  try {
    await counter.consume(subject);
    return true;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return false;
    throw refusal;
  }
}

import type { Event } from '../../domain/event.ts';
import type { Job } from '../job.ts';

/** A day of tries: no copy is older than that. */
const MAX_ATTEMPTS = 36;

/** Says to Redis what it did not hear when it happened (queues/outdate.ts). */
export const forgetCopies: Job<Extract<Event, { type: 'copies.outdated' }>, null, void> = {
  policy: { max_attempts: MAX_ATTEMPTS },
  async act({ cache, now }, _found, { event }) {
    if (cache && !(await cache.copies.forget(event.user_ids, now()))) throw new Error('Redis is away.');
  },
};

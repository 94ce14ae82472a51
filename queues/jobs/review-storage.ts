import type { Event } from '../../domain/event.ts';
import { reconcile } from '../../usecases/storage/reconcile.ts';
import type { Job } from '../job.ts';

/** Compares storage with the rows that name what is in it. */
export const reviewStorage: Job<Extract<Event, { type: 'storage.review_due' }>, null, void> = {
  policy: { max_attempts: 3, deadline_ms: 30 * 60_000 },
  async act(worker) {
    await reconcile(worker);
  },
};

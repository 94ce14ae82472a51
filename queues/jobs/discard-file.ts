import { findUnnamed } from '../../db/named-objects.ts';
import type { Event } from '../../domain/event.ts';
import type { Job } from '../job.ts';

/** Half a day of tries. What is still there then the reconciler finds. */
const MAX_ATTEMPTS = 20;

/**
 * Deletes an object that no row names any more. All its versions go: keys are never given out again, so that whatever
 * else was written there is nobody's. Gone already is as good.
 */
export const discardFile: Job<Extract<Event, { type: 'file.discarded' }>, string, void> = {
  policy: { max_attempts: MAX_ATTEMPTS },
  read: findUnnamed,
  act: ({ files }, object_key) => files.delete(object_key),
};

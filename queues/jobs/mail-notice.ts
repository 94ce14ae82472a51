import type { Db } from '../../db/client.ts';
import type { Addressee } from '../../db/recipients.ts';
import type { Event } from '../../domain/event.ts';
import type { Letter } from '../../domain/mail.ts';
import type { Query } from '../../usecases/ask.ts';
import type { Job } from '../job.ts';
import { type Posted, post, posted } from './post.ts';

/** Five hours of tries. */
const MAX_ATTEMPTS = 14;

type Look<R> = (db: Db, event_ids: number[]) => Query<{ event_id: string; found: R }>;

/**
 * Tells somebody what happened to their account, once: if nobody knows whether the mail went, the event says so and the
 * mail is not sent again. Whoever is not found any more is not told.
 */
export const mailNotice = <R extends Addressee>(
  read: Look<R>,
  write: (recipient: R) => Letter,
): Job<Event, R, Posted> => ({
  policy: { max_attempts: MAX_ATTEMPTS, may_repeat_uncertain: false },
  read,
  async act({ mail }, recipient, { event_id }) {
    return await post(mail, event_id, recipient, () => write(recipient));
  },
  effects: posted,
});

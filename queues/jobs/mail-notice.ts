import type { Db } from '../../db/client.ts';
import type { Recipient } from '../../db/recipients.ts';
import type { Event } from '../../domain/event.ts';
import type { Letter } from '../../domain/mail.ts';
import type { Query } from '../../usecases/ask.ts';
import type { Job } from '../job.ts';

/** Five hours of tries. */
const MAX_ATTEMPTS = 14;

/** The same for every try of an event's mail. */
export const keyOf = (event_id: number): string => `event-${event_id}`;

type Look<R> = (db: Db, event_ids: number[]) => Query<{ event_id: string; found: R }>;

/**
 * Tells somebody what happened to their account, once: if nobody knows whether the mail went, the event says so and the
 * mail is not sent again. Whoever is not found any more is not told.
 */
export const mailNotice = <R extends Pick<Recipient, 'email'>>(
  read: Look<R>,
  write: (recipient: R) => Letter,
): Job<Event, R, void> => ({
  policy: { max_attempts: MAX_ATTEMPTS, may_repeat_uncertain: false },
  read,
  async act({ mail }, recipient, { event_id }) {
    await mail({ ...write(recipient), to: recipient.email, message_key: keyOf(event_id) });
  },
});

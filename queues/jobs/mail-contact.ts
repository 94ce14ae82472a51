import { findMessagesToMail, type MessageToMail, noteMailed } from '../../db/contact.ts';
import type { Event } from '../../domain/event.ts';
import { contactMessage } from '../../domain/mails/household.ts';
import type { Job } from '../job.ts';

/** A day of tries. */
const MAX_ATTEMPTS = 32;

type ContactReceived = Extract<Event, { type: 'contact.received' }>;

/** Mails a message of the public to whoever looks after honeyDue, once; an answer goes to whoever wrote it. */
export const mailContact: Job<ContactReceived, MessageToMail, boolean> = {
  policy: { max_attempts: MAX_ATTEMPTS, may_repeat_uncertain: false },
  read: findMessagesToMail,
  async act({ mail, settings, log }, message, { event_id }) {
    const { contact_to } = settings;
    if (!contact_to) {
      log('contact.nobody_is_told', { message_id: message.id });
      return false;
    }
    await mail({
      ...contactMessage(message),
      to: contact_to,
      reply_to: message.email,
      message_key: `event-${event_id}`,
    });
    return true;
  },
  effects(db, done) {
    const mailed = done.filter(({ outcome }) => outcome === true).map(({ event }) => event.message_id);
    return mailed.length > 0 ? [noteMailed(db, mailed)] : [];
  },
};

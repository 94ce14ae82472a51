import { findFormerAddresses, forgetFormerAddresses } from '../../db/email-changes.ts';
import type { Addressee } from '../../db/recipients.ts';
import type { Event } from '../../domain/event.ts';
import { emailChanged } from '../../domain/mails/account.ts';
import type { Job } from '../job.ts';
import { mailNotice } from './mail-notice.ts';
import { type Posted, posted } from './post.ts';

type EmailChanged = Extract<Event, { type: 'user.email_changed' }>;

/** Tells the address that an account had before, by which it knows the account; then forgets it. */
export const tellFormerAddress: Job<EmailChanged, Addressee, Posted> = {
  ...mailNotice(findFormerAddresses, ({ email }) => emailChanged({ username: email })),
  effects: (db, done) => [
    ...posted(db, done),
    forgetFormerAddresses(
      db,
      done.map(({ event }) => event.user_id),
    ),
  ],
};

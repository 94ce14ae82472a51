import { type CodeToMail, findCodesToMail } from '../../db/recipients.ts';
import { CODE_MINUTES, type CodePurpose, codeOf } from '../../domain/code.ts';
import type { Event } from '../../domain/event.ts';
import { confirmNewEmail, resetPassword, verifyEmail } from '../../domain/mails/account.ts';
import type { Job } from '../job.ts';
import { type Posted, post, posted } from './post.ts';

const LETTERS = { verify_email: verifyEmail, reset_password: resetPassword, change_email: confirmNewEmail };

/**
 * Mails the code that was made with an event, unless it was used, replaced or is too old. Run again it mails the same one,
 * which does no harm; so a mail of which nobody knows whether it went is sent once more.
 */
export const mailCode = (purpose: CodePurpose): Job<Event, CodeToMail, Posted> => ({
  read: (db, event_ids) => findCodesToMail(db, event_ids, purpose),
  async act({ mail, settings }, seed, { event_id }) {
    return await post(mail, event_id, seed, async () => {
      const code = await codeOf(seed, settings.signing_keys[0]);
      return LETTERS[purpose]({ code, minutes: CODE_MINUTES });
    });
  },
  effects: posted,
});

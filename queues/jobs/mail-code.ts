import type { Statement } from '../../db/client.ts';
import { findCodeToMail } from '../../db/recipients.ts';
import { CODE_MINUTES, type CodePurpose, codeOf } from '../../domain/code.ts';
import { confirmNewEmail, resetPassword, verifyEmail } from '../../domain/mails/account.ts';
import type { Worker } from '../../usecases/ports.ts';
import { keyOf } from './mail-notice.ts';

const LETTERS = { verify_email: verifyEmail, reset_password: resetPassword, change_email: confirmNewEmail };

/**
 * Mails the code that was made with an event. Run again it mails the same one, which does no harm; so a mail of which
 * nobody knows whether it went is sent once more.
 */
export async function mailCode(worker: Worker, event_id: number, purpose: CodePurpose): Promise<Statement[]> {
  const { db, mail, settings } = worker;
  const { rows } = await findCodeToMail(db, event_id, purpose);
  const seed = rows[0]?.found;
  if (!seed) return []; // used, replaced or expired
  const code = await codeOf(seed, settings.signing_keys[0]);
  const letter = LETTERS[purpose]({ code, minutes: CODE_MINUTES });
  await mail({ ...letter, to: seed.email, message_key: keyOf(event_id) });
  return [];
}

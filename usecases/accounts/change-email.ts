import { type EmailChangeFound, findEmailChange } from '../../db/email-changes.ts';
import { addCode } from '../../db/new-codes.ts';
import { meWritten } from '../../db/users.ts';
import type { EmailChange } from '../../domain/account.ts';
import { AppError, invalid } from '../../domain/errors.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { provePassword } from './credentials.ts';
import { allow, attemptIn, NEW_CODES } from './limits.ts';
import { sealed } from './sealed.ts';

const UNTOLD_RETRY_S = 60;

/** Mails a code to the new address. Until it comes back, by verify-email, the account keeps the old one. */
export async function changeEmail(ctx: Context, { password, new_email }: EmailChange) {
  const { db, who, key } = ctx;
  const wanted = { new_email, attempt: attemptIn(ctx), codes: NEW_CODES };
  return await change(await sealed(ctx), {
    find: () => findEmailChange(db, who, key, wanted),
    async decide(found) {
      const { user_id, row_version } = found;
      await provePassword(ctx, found, 'password', password);
      refuse(found, new_email);
      return {
        guard: { residence_id: null, unverified_too: true },
        expected: { table: 'auth_user', id: user_id, row_version },
        changes: [addCode(db, 'change_email', crypto.randomUUID(), new_email)],
        event: { type: 'user.email_change_requested', user_id },
        status: 200,
        answer: meWritten(who),
      };
    },
  });
}

function refuse({ email, is_taken, is_untold, coded }: EmailChangeFound, new_email: string): void {
  if (email === new_email) throw invalid('new_email', 'That is your address already.');
  if (is_taken) throw new AppError('email_taken', 'There is an account with that e-mail address.');
  // Else whoever took an account over could change twice, and the address that was its owner's would never be told.
  if (is_untold) {
    const details = { retry_after_s: UNTOLD_RETRY_S };
    throw new AppError('conflict', 'Your last change is still being told to the address before.', details);
  }
  allow(NEW_CODES, coded ?? undefined);
}

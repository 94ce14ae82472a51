import type { Answered } from '../../db/answer.ts';
import { statement } from '../../db/client.ts';
import { deleteCodes } from '../../db/codes.ts';
import { deleteWaysIn } from '../../db/credentials.ts';
import { actAs, enterAnonymously, expectUnmoved } from '../../db/guard.ts';
import { addEvent } from '../../db/outbox.ts';
import { giveBack } from '../../db/rate-counters.ts';
import { deleteSessions } from '../../db/sessions.ts';
import { updateUser } from '../../db/users.ts';
import type { PasswordReset } from '../../domain/account.ts';
import { NO_ANSWER, write } from '../commit.ts';
import { onceMore } from '../once-more.ts';
import type { Asking } from '../ports.ts';
import { tryCode } from './try-reset-code.ts';

/** Sets a new password with a code, which also proves the address, and ends all sessions. Of two at once one succeeds. */
export const resetPassword = (ctx: Asking, input: PasswordReset) => onceMore(() => once(ctx, input));

async function once(ctx: Asking, input: PasswordReset) {
  const { db, passwords } = ctx;
  const { user, attempt, limit } = await tryCode(ctx, input);
  const { user_id, row_version, is_verified } = user;
  const password_hash = await passwords.hash(input.new_password);
  await write(ctx, enterAnonymously(db, ctx), [
    actAs(db, user_id),
    expectUnmoved(db, { table: 'auth_user', id: user_id, row_version }),
    updateUser(db, user_id, { password_hash, is_verified: true }),
    ...(is_verified ? [deleteSessions(db, user_id)] : deleteWaysIn(db, user_id)),
    deleteCodes(db, user_id, ['reset_password', 'verify_email']),
    giveBack(db, attempt),
    addEvent(db, { type: 'user.password_changed', user_id }, ctx),
    statement<Answered>(db, NO_ANSWER),
  ]);
  return { body: JSON.stringify({ message: 'Your password is changed. Sign in with the new one.' }), limit };
}

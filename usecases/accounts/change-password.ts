import { deleteCodes } from '../../db/codes.ts';
import { findMyCredentials } from '../../db/credentials.ts';
import { deleteSessions } from '../../db/sessions.ts';
import { meWritten, updateUser } from '../../db/users.ts';
import type { PasswordChange } from '../../domain/account.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { provePassword } from './credentials.ts';
import { attemptIn } from './limits.ts';
import { sealed } from './sealed.ts';

/** Sets a new password and ends the other sessions. */
export async function changePassword(ctx: Context, { current_password, new_password }: PasswordChange) {
  const { db, who, passwords } = ctx;
  const attempt = attemptIn(ctx);
  return await change(await sealed(ctx), {
    find: () => findMyCredentials(db, who, attempt),
    async decide(found) {
      const { user_id, row_version } = found;
      await provePassword(ctx, found, 'current_password', current_password);
      const password_hash = await passwords.hash(new_password);
      return {
        guard: { residence_id: null, unverified_too: true },
        expected: { table: 'auth_user', id: user_id, row_version },
        changes: [
          updateUser(db, user_id, { password_hash }),
          deleteSessions(db, user_id, who),
          deleteCodes(db, user_id, ['reset_password']),
        ],
        event: { type: 'user.password_changed', user_id },
        status: 200,
        answer: meWritten(who),
      };
    },
  });
}

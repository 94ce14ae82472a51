import { addCode, findUnproven } from '../../db/new-codes.ts';
import { meWritten } from '../../db/users.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { allow, NEW_CODES } from './limits.ts';

/** Mails another code; the one before is good no more. Whoever is verified gets none. */
export async function resendVerification(ctx: Context) {
  const { db, who, key } = ctx;
  return await change(ctx, {
    find: () => findUnproven(db, who, key, NEW_CODES),
    decide({ user_id, row_version, email, is_verified, coded }) {
      if (!is_verified) allow(NEW_CODES, coded ?? undefined);
      return {
        guard: { residence_id: null, unverified_too: true },
        expected: { table: 'auth_user', id: user_id, row_version },
        changes: is_verified ? [] : [addCode(db, 'verify_email', crypto.randomUUID(), email)],
        event: { type: 'user.verification_requested', user_id },
        status: is_verified ? 200 : 202,
        answer: meWritten(who),
      };
    },
  });
}

import { type CodeTry, deleteCodes, type TriedCode, tryMyCodes } from '../../db/codes.ts';
import { keepFormerAddress } from '../../db/email-changes.ts';
import { meWritten, updateUser } from '../../db/users.ts';
import { isCodeOf } from '../../domain/code.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { allow, CODES_PER_ADDRESS, perAddress } from './limits.ts';
import { wrongCode } from './wrong-code.ts';

/**
 * Proves an address: the account's, or the one that is to take its place. The try is counted by the statement that finds
 * the code; whoever uses it moves the user's row, so that of two at once the second finds it used.
 */
export async function verifyEmail(ctx: Context, code: string) {
  const { db, who, settings } = ctx;
  const limit = perAddress(CODES_PER_ADDRESS, ctx.address);
  return await change(ctx, {
    find: () => tryMyCodes(db, who, ['verify_email', 'change_email'], limit),
    async decide(found) {
      allow(CODES_PER_ADDRESS, found.counted);
      const right = await rightOf(found.tried, settings.signing_keys, code);
      if (!right) throw wrongCode();
      return {
        guard: { residence_id: null, unverified_too: true },
        expected: { table: 'auth_user', id: found.user_id, row_version: found.row_version },
        ...(right.purpose === 'change_email' ? moved(ctx, found, right.email) : proven(ctx, found)),
        status: 200,
        answer: meWritten(who),
      };
    },
  });
}

async function rightOf(tried: TriedCode[], signing_keys: string[], code: string): Promise<TriedCode | undefined> {
  const matches = await Promise.all(tried.map((seed) => isCodeOf(seed, signing_keys, code)));
  return tried.find((_, index) => matches[index]);
}

const proven = ({ db }: Context, { user_id }: CodeTry) => ({
  changes: [updateUser(db, user_id, { is_verified: true }), deleteCodes(db, user_id, ['verify_email'])],
  event: { type: 'user.verified', user_id } as const,
});

/** What was sent to the address before is good no more; the address itself is still told. */
const moved = ({ db }: Context, { user_id, email: former }: CodeTry, email: string) => ({
  changes: [
    updateUser(db, user_id, { email, is_verified: true }),
    deleteCodes(db, user_id, ['verify_email', 'reset_password']),
    keepFormerAddress(db, user_id, former),
  ],
  event: { type: 'user.email_changed', user_id } as const,
});

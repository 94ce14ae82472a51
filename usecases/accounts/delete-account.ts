import { hideUser, lockOwnHomes, readDeletionPlan } from '../../db/account-deletion.ts';
import { deleteCodes } from '../../db/codes.ts';
import { findMyCredentials, type MyCredentials } from '../../db/credentials.ts';
import { expectUnmoved } from '../../db/guard.ts';
import { deleteSessions } from '../../db/sessions.ts';
import type { AccountDeletion } from '../../domain/account.ts';
import { invalid } from '../../domain/errors.ts';
import { read } from '../ask.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { proveIdentity, provePassword } from './credentials.ts';
import { attemptIn } from './limits.ts';

/** What would go and what would pass to others. */
export const planDeletion = (ctx: Context) => read(ctx, readDeletionPlan(ctx.db, ctx.who));

/** Closes an account at once. Until it is erased the operator can bring it back. A second request finds no session: 401. */
export async function deleteAccount(ctx: Context, proof: AccountDeletion) {
  const { db, who } = ctx;
  const attempt = attemptIn(ctx);
  return await change(
    { ...ctx, key: null },
    {
      find: () => findMyCredentials(db, who, attempt),
      async decide(found) {
        await prove(ctx, found, proof);
        const { user_id, row_version } = found;
        return {
          guard: { residence_id: null, unverified_too: true },
          changes: [
            // Homes before the user: the order in which every other write locks them.
            lockOwnHomes(db),
            expectUnmoved(db, { table: 'auth_user', id: user_id, row_version }),
            ...hideUser(db, user_id),
            deleteSessions(db, user_id),
            deleteCodes(db, user_id, ['verify_email', 'reset_password', 'change_email']),
          ],
          event: { type: 'user.deleted', user_id },
          status: 204,
        };
      },
    },
  );
}

async function prove(ctx: Context, found: MyCredentials, { password, identity_token, nonce }: AccountDeletion) {
  if (password) return await provePassword(ctx, found, 'password', password);
  if (identity_token) return await proveIdentity(ctx, found, { identity_token, nonce: nonce ?? undefined });
  throw invalid('password', 'Your password is needed, or a fresh identity token.');
}

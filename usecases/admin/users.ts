import { hideUser, lockOwnHomes, readDeletionPlan } from '../../db/account-deletion.ts';
import { expectThere } from '../../db/admin/guard.ts';
import {
  allowMailAgain,
  canComeBack,
  isThere,
  oneUser,
  putSubscription,
  restoreUser,
  verifyUser,
} from '../../db/admin/users.ts';
import type { Answered } from '../../db/answer.ts';
import { deleteCodes } from '../../db/codes.ts';
import { actAs } from '../../db/guard.ts';
import { deleteSessions } from '../../db/sessions.ts';
import type { SubscriptionChange } from '../../domain/admin/user.ts';
import { commitAsAdmin } from '../commit-as-admin.ts';
import { type AdminContext, enterAdmin } from '../enter-admin.ts';

/** For somebody whose codes do not reach them. */
export const verify = (ctx: AdminContext, user_id: number) =>
  commitAsAdmin(ctx, {
    changes: [expectThere(ctx.db, 'auth_user', user_id, isThere), verifyUser(ctx.db, user_id)],
    event: { type: 'user.verified', user_id },
    status: 200,
    answer: oneUser(user_id),
  });

/** Signs somebody out everywhere. */
export const revokeSessions = (ctx: AdminContext, user_id: number) =>
  commitAsAdmin(ctx, {
    changes: [expectThere(ctx.db, 'auth_user', user_id), deleteSessions(ctx.db, user_id)],
    event: { type: 'user.signed_out', user_id },
    status: 200,
    answer: oneUser(user_id),
  });

export const setSubscription = (ctx: AdminContext, user_id: number, change: SubscriptionChange) =>
  commitAsAdmin(ctx, {
    changes: [expectThere(ctx.db, 'auth_user', user_id, isThere), putSubscription(ctx.db, user_id, change)],
    event: { type: 'subscription.changed', user_id },
    status: 200,
    answer: oneUser(user_id),
  });

/** Once an address that bounced works again. */
export const allowMail = (ctx: AdminContext, user_id: number) =>
  commitAsAdmin(ctx, {
    changes: [expectThere(ctx.db, 'auth_user', user_id, isThere), allowMailAgain(ctx.db, user_id)],
    status: 200,
    answer: oneUser(user_id),
  });

/** What would go, and what would pass to others, if the account were deleted. */
export async function planUserDeletion(ctx: AdminContext, user_id: number): Promise<Answered> {
  const who = { digest: '', user_id, zone: 'UTC', now: ctx.now() };
  const [, plan] = await enterAdmin(ctx, { is_write: true }, [
    expectThere(ctx.db, 'auth_user', user_id, isThere),
    readDeletionPlan(ctx.db, who),
  ]);
  return plan?.[0] as Answered;
}

/** Closes somebody's account at their wish, as they would themselves; for 30 days it can be brought back. */
export const deleteUser = (ctx: AdminContext, user_id: number) =>
  commitAsAdmin(ctx, {
    is_grave: true,
    changes: [
      actAs(ctx.db, user_id),
      lockOwnHomes(ctx.db),
      expectThere(ctx.db, 'auth_user', user_id, isThere),
      ...hideUser(ctx.db, user_id),
      deleteSessions(ctx.db, user_id),
      deleteCodes(ctx.db, user_id, ['verify_email', 'reset_password', 'change_email']),
    ],
    event: { type: 'user.deleted', user_id },
    status: 204,
  });

/** Brings an account back with the homes that went with it. Homes that passed to others stay theirs. */
export const bringBackUser = (ctx: AdminContext, user_id: number) =>
  commitAsAdmin(ctx, {
    changes: [expectThere(ctx.db, 'auth_user', user_id, canComeBack), ...restoreUser(ctx.db, user_id)],
    event: { type: 'user.updated', user_id },
    status: 200,
    answer: oneUser(user_id),
  });

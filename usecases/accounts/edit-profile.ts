import { findMe, meWritten, updateUser } from '../../db/users.ts';
import type { ProfileChange } from '../../domain/user.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Also the unverified may: nothing here lets them reach anybody else. */
export async function editProfile(ctx: Context, edit: ProfileChange) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findMe(db, who),
    decide: ({ user_id, row_version }) => ({
      guard: { residence_id: null, unverified_too: true },
      expected: { table: 'auth_user', id: user_id, row_version },
      changes: Object.keys(edit).length > 0 ? [updateUser(db, user_id, edit)] : [],
      event: { type: 'user.updated', user_id },
      status: 200,
      answer: meWritten(who),
    }),
  });
}

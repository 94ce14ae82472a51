import { findPreferences, preferencesWritten, setPreferences } from '../../db/preferences.ts';
import { touchUser, updateUser } from '../../db/users.ts';
import type { PreferencesReplacement } from '../../domain/preferences.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** The zone is the profile's own. The profile's version moves with the rest too, so that of two at once one decides anew. */
export async function replacePreferences(ctx: Context, { timezone, ...chosen }: PreferencesReplacement) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findPreferences(db, who),
    decide: ({ user_id, row_version }) => ({
      guard: { residence_id: null },
      expected: { table: 'auth_user', id: user_id, row_version },
      changes: [
        timezone === undefined ? touchUser(db, user_id) : updateUser(db, user_id, { timezone }),
        setPreferences(db, user_id, chosen),
      ],
      event: { type: 'preferences.updated', user_id },
      status: 200,
      answer: preferencesWritten(who),
    }),
  });
}

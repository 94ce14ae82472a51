import { findMember, memberWritten, setRole } from '../../db/members.ts';
import { touchResidence } from '../../db/residences.ts';
import { AppError } from '../../domain/errors.ts';
import type { JoinerRole } from '../../domain/share-code.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Makes a member a viewer, or a viewer a member. */
export async function changeRole(ctx: Context, residence_id: number, user_id: number, role: JoinerRole) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findMember(db, who, residence_id, user_id),
    roles: ['owner'],
    decide({ member, home_version }) {
      if (member.role === 'owner') throw new AppError('owner_must_stay', 'Transfer the home to somebody first.');
      return {
        guard: { residence_id, roles: ['owner'] },
        expected: { table: 'residence_residence', id: residence_id, row_version: home_version },
        changes: [setRole(db, residence_id, user_id, role), touchResidence(db, residence_id)],
        event: { type: 'member.role_changed', residence_id, user_id },
        status: 200,
        answer: memberWritten(residence_id, user_id),
      };
    },
  });
}

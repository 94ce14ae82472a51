import { deleteMember, findMember } from '../../db/members.ts';
import { touchResidence } from '../../db/residences.ts';
import { AppError } from '../../domain/errors.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Removes somebody from a home; to them it is from now on as if it did not exist. */
export async function removeMember(ctx: Context, residence_id: number, user_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findMember(db, who, residence_id, user_id),
    roles: ['owner'],
    decide({ member, home_version }) {
      if (member.role === 'owner')
        throw new AppError('owner_must_stay', 'Transfer the home to somebody, or delete it.');
      return {
        guard: { residence_id, roles: ['owner'] },
        expected: { table: 'residence_residence', id: residence_id, row_version: home_version },
        changes: [deleteMember(db, residence_id, user_id), touchResidence(db, residence_id)],
        event: { type: 'member.removed', residence_id, user_id },
        status: 204,
      };
    },
  });
}

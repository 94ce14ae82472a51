import { sql } from 'drizzle-orm';
import { deleteMember } from '../../db/members.ts';
import { findResidence, touchResidence } from '../../db/residences.ts';
import { AppError } from '../../domain/errors.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

export async function leaveResidence(ctx: Context, residence_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findResidence(db, who, residence_id),
    decide({ role, row_version }) {
      if (role === 'owner') throw new AppError('owner_must_stay', 'Transfer the home to somebody, or delete it.');
      return {
        guard: { residence_id, roles: ['owner', 'member', 'viewer'] },
        expected: { table: 'residence_residence', id: residence_id, row_version },
        changes: [deleteMember(db, residence_id, sql`hd_me()`), touchResidence(db, residence_id)],
        event: { type: 'member.left', residence_id, user_id: sql`hd_me()` },
        status: 204,
      };
    },
  });
}

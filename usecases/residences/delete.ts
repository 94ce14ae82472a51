import { findResidence, hideResidence } from '../../db/residences.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Hides a home from all its members; for 30 days it can come back. */
export async function removeResidence(ctx: Context, residence_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findResidence(db, who, residence_id),
    roles: ['owner'],
    decide: ({ row_version }) => ({
      guard: { residence_id, roles: ['owner'] },
      expected: { table: 'residence_residence', id: residence_id, row_version },
      changes: [hideResidence(db, residence_id)],
      event: { type: 'residence.deleted', residence_id },
      status: 204,
    }),
  });
}

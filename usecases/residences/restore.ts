import { residenceWritten, restoreResidence } from '../../db/residences.ts';
import { commit } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Brings a deleted home back. For anybody but its owner, and after 30 days, nothing is there. */
export async function bringBackResidence(ctx: Context, residence_id: number) {
  const { db, who } = ctx;
  return await commit(ctx, {
    guard: { residence_id: null },
    changes: [restoreResidence(db, residence_id)],
    event: { type: 'residence.restored', residence_id },
    status: 200,
    answer: residenceWritten(who, residence_id),
  });
}

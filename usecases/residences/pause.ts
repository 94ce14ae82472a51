import { findResidence, residenceWritten, updateResidence } from '../../db/residences.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Pauses a home, whose tasks then remind nobody, or resumes it. Doing so twice is no error: phones retry. */
export async function pauseResidence(ctx: Context, residence_id: number, is_paused: boolean) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findResidence(db, who, residence_id),
    roles: ['owner', 'member'],
    decide: ({ row_version }) => ({
      guard: { residence_id, roles: ['owner', 'member'] },
      expected: { table: 'residence_residence', id: residence_id, row_version },
      changes: [updateResidence(db, residence_id, { is_paused })],
      event: { type: is_paused ? 'residence.paused' : 'residence.resumed', residence_id },
      status: 200,
      answer: residenceWritten(who, residence_id),
    }),
  });
}

import { sql } from 'drizzle-orm';
import { addMember, addResidence, newResidenceId, residenceWritten } from '../../db/residences.ts';
import type { NewResidence } from '../../domain/residence.ts';
import { commit } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Makes a home; whoever makes it owns it. */
export async function createResidence(ctx: Context, input: NewResidence) {
  const { db, who } = ctx;
  return await commit(ctx, {
    guard: { residence_id: null },
    changes: [addResidence(db, input), addMember(db, newResidenceId, sql`hd_me()`, 'owner')],
    event: { type: 'residence.created', residence_id: newResidenceId },
    status: 201,
    answer: residenceWritten(who, newResidenceId),
  });
}

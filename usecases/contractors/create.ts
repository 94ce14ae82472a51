import { sql } from 'drizzle-orm';
import { addContractor, contractorWritten, newContractorId, setSpecialties } from '../../db/contractors.ts';
import { makeRoom } from '../../db/tiers.ts';
import type { NewContractor } from '../../domain/contractor.ts';
import { commit } from '../commit.ts';
import type { Context } from '../ports.ts';
import { guardOf } from './guard.ts';

/** Keeps a contractor, of a home or for the caller alone. */
export async function createContractor(ctx: Context, { specialty_ids, ...input }: NewContractor) {
  const { db, who } = ctx;
  const { residence_id } = input;
  const owner_id = residence_id === null ? sql`hd_me()` : null;
  return await commit(ctx, {
    guard: guardOf(residence_id),
    changes: [
      makeRoom(db, 'contractors', residence_id, 1),
      addContractor(db, { ...input, owner_id, created_by_id: sql`hd_me()` }),
      ...(specialty_ids.length > 0 ? [setSpecialties(db, newContractorId, specialty_ids)] : []),
    ],
    event: { type: 'contractor.created', residence_id, contractor_id: newContractorId },
    status: 201,
    answer: contractorWritten(who, newContractorId),
  });
}

import { contractorWritten, findContractor, updateContractor } from '../../db/contractors.ts';
import type { Favorite } from '../../domain/contractor.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { guardOf } from './guard.ts';

/** Makes a contractor a favourite or not: as the caller says, else the other way round. */
export async function favorContractor(ctx: Context, contractor_id: number, { is_favorite }: Favorite) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findContractor(db, who, contractor_id),
    roles: ['owner', 'member'],
    decide: ({ residence_id, row_version, ...found }) => ({
      guard: guardOf(residence_id),
      expected: { table: 'task_contractor', id: contractor_id, row_version },
      changes: [updateContractor(db, contractor_id, { is_favorite: is_favorite ?? !found.is_favorite })],
      event: { type: 'contractor.updated', residence_id, contractor_id },
      status: 200,
      answer: contractorWritten(who, contractor_id),
    }),
  });
}

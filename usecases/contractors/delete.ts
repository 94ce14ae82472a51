import { deleteContractor, findContractor } from '../../db/contractors.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { guardOf } from './guard.ts';

/** Deletes a contractor; its tasks stay, without one. */
export async function removeContractor(ctx: Context, contractor_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findContractor(db, who, contractor_id),
    roles: ['owner', 'member'],
    decide: ({ residence_id, row_version }) => ({
      guard: guardOf(residence_id),
      expected: { table: 'task_contractor', id: contractor_id, row_version },
      changes: [deleteContractor(db, contractor_id)],
      event: { type: 'contractor.deleted', residence_id, contractor_id },
      status: 204,
    }),
  });
}

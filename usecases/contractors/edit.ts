import {
  contractorWritten,
  findContractor,
  makeRoomToShare,
  setSpecialties,
  updateContractor,
} from '../../db/contractors.ts';
import type { ContractorChange } from '../../domain/contractor.ts';
import { invalid } from '../../domain/errors.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { guardOf } from './guard.ts';

/** PUT and PATCH. Naming a home shares a personal contractor with it, once and for all. */
export async function editContractor(ctx: Context, contractor_id: number, edit: ContractorChange) {
  const { db, who } = ctx;
  const { residence_id: named, specialty_ids, ...fields } = edit;
  return await change(ctx, {
    find: () => findContractor(db, who, contractor_id),
    roles: ['owner', 'member'],
    decide({ residence_id, row_version }) {
      if (residence_id !== null && named !== undefined && named !== residence_id) {
        throw invalid('residence_id', 'A contractor stays in its home.');
      }
      const home = named ?? residence_id;
      const isShared = residence_id === null && home !== null;
      const moved = isShared ? { residence_id: home, owner_id: null } : {};
      return {
        guard: guardOf(home),
        expected: { table: 'task_contractor', id: contractor_id, row_version },
        changes: [
          ...(isShared ? [makeRoomToShare(db, home)] : []),
          ...(specialty_ids ? [setSpecialties(db, contractor_id, specialty_ids)] : []),
          ...(Object.keys(edit).length > 0 ? [updateContractor(db, contractor_id, { ...fields, ...moved })] : []),
        ],
        event: { type: 'contractor.updated', residence_id: home, contractor_id },
        status: 200,
        answer: contractorWritten(who, contractor_id),
      };
    },
  });
}

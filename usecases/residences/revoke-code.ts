import { deleteStandingCode, findStandingCode } from '../../db/share-codes.ts';
import { nothingHere } from '../ask.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Ends the home's standing code. */
export async function revokeCode(ctx: Context, residence_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findStandingCode(db, who, residence_id),
    roles: ['owner'],
    decide({ code_id, row_version }) {
      if (code_id === null) throw nothingHere();
      return {
        guard: { residence_id, roles: ['owner'] },
        expected: { table: 'residence_residencesharecode', id: code_id, row_version },
        changes: [deleteStandingCode(db, residence_id)],
        event: { type: 'residence.code_revoked', residence_id },
        status: 204,
      };
    },
  });
}

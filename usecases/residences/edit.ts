import { findResidence, residenceWritten, updateResidence } from '../../db/residences.ts';
import { climateRegion } from '../../domain/climate.ts';
import type { ResidenceChange } from '../../domain/residence.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** PUT and PATCH: a replacement names every field, a change those that it changes. */
export async function editResidence(ctx: Context, residence_id: number, edit: ResidenceChange) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findResidence(db, who, residence_id),
    roles: ['owner'],
    decide({ row_version, ...found }) {
      const { postal_code, country } = { ...found, ...edit };
      const fields = { ...edit, climate_region: climateRegion(postal_code, country) };
      return {
        guard: { residence_id, roles: ['owner'] },
        expected: { table: 'residence_residence', id: residence_id, row_version },
        changes: Object.keys(edit).length > 0 ? [updateResidence(db, residence_id, fields)] : [],
        event: { type: 'residence.updated', residence_id },
        status: 200,
        answer: residenceWritten(who, residence_id),
      };
    },
  });
}

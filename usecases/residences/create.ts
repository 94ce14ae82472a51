import { sql } from 'drizzle-orm';
import { addMember } from '../../db/members.ts';
import { addResidence, newResidenceId, residenceWritten } from '../../db/residences.ts';
import { makeRoom } from '../../db/tiers.ts';
import { climateRegion } from '../../domain/climate.ts';
import type { NewResidence } from '../../domain/residence.ts';
import { commit } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Makes a home; whoever makes it owns it. */
export async function createResidence(ctx: Context, input: NewResidence) {
  const { db, who } = ctx;
  const climate_region = climateRegion(input.postal_code, input.country);
  return await commit(ctx, {
    guard: { residence_id: null },
    changes: [
      makeRoom(db, 'residences', null, 1),
      addResidence(db, { ...input, climate_region }),
      addMember(db, newResidenceId, sql`hd_me()`, 'owner'),
    ],
    event: { type: 'residence.created', residence_id: newResidenceId },
    status: 201,
    answer: residenceWritten(who, newResidenceId),
  });
}

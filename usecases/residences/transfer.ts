import { sql } from 'drizzle-orm';
import { findHeir, setRole } from '../../db/members.ts';
import { residenceWritten, touchResidence } from '../../db/residences.ts';
import { makeRoom } from '../../db/tiers.ts';
import { invalid } from '../../domain/errors.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Gives a home to another of its members, whose tier must have room for it; whoever gave it stays a member. */
export async function transferResidence(ctx: Context, residence_id: number, user_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findHeir(db, who, residence_id, user_id),
    roles: ['owner'],
    decide({ heir, row_version }) {
      if (heir === null || heir === 'owner') throw invalid('user_id', 'Must be another member of this home.');
      return {
        guard: { residence_id, roles: ['owner'] },
        expected: { table: 'residence_residence', id: residence_id, row_version },
        changes: [
          setRole(db, residence_id, sql`hd_me()`, 'member'),
          setRole(db, residence_id, user_id, 'owner'),
          touchResidence(db, residence_id),
          // The home is theirs by now, and counted.
          makeRoom(db, 'residences', residence_id, 0),
        ],
        event: { type: 'residence.transferred', residence_id, user_id },
        status: 200,
        answer: residenceWritten(who, residence_id),
      };
    },
  });
}

import { sql } from 'drizzle-orm';
import { findStored, type Stored } from '../../db/idempotency.ts';
import type { Counted } from '../../db/rate-counters.ts';
import { residenceWritten, touchResidence } from '../../db/residences.ts';
import { countTry, homeOfCode, join } from '../../db/share-codes.ts';
import { allow, type LimitState, perAddress } from '../accounts/limits.ts';
import { ask } from '../ask.ts';
import { commit, replay, type Written } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Of an address, and of a user: codes are not to be guessed. */
const JOINS = { name: 'join', quota: 10, window_s: 60 };

/** Makes the caller a member of the home of a code. The first of two trips counts, and looks the idempotency key up. */
export async function joinResidence(ctx: Context, code: string): Promise<{ written: Written; limit: LimitState }> {
  const { db, who, key, address } = ctx;
  const counting = countTry(db, who, perAddress(JOINS, address), { ...JOINS, subject: `${JOINS.name}:user:` });
  const [tried, stored] = key
    ? await ask<[{ found: Counted }, { found: Stored }]>(ctx, counting, findStored(db, who, key))
    : await ask<[{ found: Counted }]>(ctx, counting);
  const limit = allow(JOINS, tried?.found);
  if (stored) return { written: replay(ctx, stored.found), limit };

  const residence_id = homeOfCode(code);
  const written = await commit(ctx, {
    guard: { residence_id: null },
    changes: [join(db, code), touchResidence(db, residence_id)],
    event: { type: 'member.joined', residence_id, user_id: sql`hd_me()` },
    status: 200,
    answer: residenceWritten(who, residence_id),
  });
  return { written, limit };
}

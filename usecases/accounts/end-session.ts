import { sql } from 'drizzle-orm';
import { deleteSessionById, findMySession } from '../../db/sessions.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Signs one of the caller's devices out. */
export async function endSession(ctx: Context, session_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findMySession(db, who, session_id),
    decide: () => ({
      guard: { residence_id: null, unverified_too: true },
      changes: [deleteSessionById(db, session_id)],
      event: { type: 'user.signed_out', user_id: sql`hd_me()` },
      status: 204,
    }),
  });
}

import { sql } from 'drizzle-orm';
import { deleteSessions } from '../../db/sessions.ts';
import { commit } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Ends all sessions, this one too. Sent twice, the second finds no session and is answered 401, key or not. */
export async function logoutAll(ctx: Context) {
  return await commit(
    { ...ctx, key: null },
    {
      guard: { residence_id: null, unverified_too: true },
      changes: [deleteSessions(ctx.db, sql`hd_me()`)],
      event: { type: 'user.signed_out', user_id: sql`hd_me()` },
      status: 204,
    },
  );
}

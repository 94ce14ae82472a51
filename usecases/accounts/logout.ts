import { sql } from 'drizzle-orm';
import { deleteSession } from '../../db/sessions.ts';
import { commit } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Ends this session. Sent twice, the second finds no session and is answered 401, key or not. */
export async function logout(ctx: Context) {
  const { db, who } = ctx;
  return await commit(
    { ...ctx, key: null },
    {
      guard: { residence_id: null, unverified_too: true },
      changes: [deleteSession(db, who)],
      event: { type: 'user.signed_out', user_id: sql`hd_me()` },
      status: 204,
    },
  );
}

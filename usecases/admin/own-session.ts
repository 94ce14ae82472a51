import { deleteAdminSession, deleteMyAdminSession } from '../../db/admin/sessions.ts';
import { nothingHere } from '../ask.ts';
import type { Written } from '../commit.ts';
import { commitAsAdmin } from '../commit-as-admin.ts';
import { type AdminContext, enterAdmin } from '../enter-admin.ts';

/** Ends the session that asks. */
export const logoutAdmin = (ctx: AdminContext): Promise<Written> =>
  commitAsAdmin(ctx, { is_own: true, changes: [deleteAdminSession(ctx.db, ctx.session)], status: 204 });

/** Ends another of one's own. */
export async function endAdminSession(ctx: AdminContext, id: number): Promise<Written> {
  const [deleted] = await enterAdmin(ctx, {}, [deleteMyAdminSession(ctx.db, id)]);
  if (deleted?.length === 0) throw nothingHere();
  return { status: 204, body: null, etag: null, is_replay: false };
}

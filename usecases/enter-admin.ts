import { type AdminGuard, type AdminSession, enterAsAdmin } from '../db/admin/guard.ts';
import { touchAdminSession } from '../db/admin/sessions.ts';
import type { Statement } from '../db/client.ts';
import type { Asking } from './ports.ts';
import { trip } from './trip.ts';

/** What a use case of an admin gets: the ports, and the session that asks. No user is known by it. */
export type AdminContext = Asking & { session: AdminSession };

/**
 * The one door for what an admin does: the guard first, and the statements behind it in the same round trip. What the
 * database is asked under it is audited under the admin's name. Answers the rows of each statement.
 */
export async function enterAdmin(ctx: AdminContext, guard: AdminGuard, statements: Statement[]): Promise<Row[][]> {
  const { db, session } = ctx;
  const [entered, ...results] = await trip(ctx, [enterAsAdmin(db, session, ctx, guard), ...statements]);
  if (entered.rows[0]?.entered.is_due_for_touch) ctx.defer(touchAdminSession(db, session));
  return (results as { rows: Row[] }[]).map(({ rows }) => rows);
}

type Row = Record<string, unknown>;

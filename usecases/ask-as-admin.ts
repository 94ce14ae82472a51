import type { SQL } from 'drizzle-orm';
import { answered } from '../db/admin/answered.ts';
import type { AdminGuard } from '../db/admin/guard.ts';
import type { Answered } from '../db/answer.ts';
import { statement } from '../db/client.ts';
import { nothingHere, type Query } from './ask.ts';
import { type AdminContext, enterAdmin } from './enter-admin.ts';

/** A read of an admin's or of support: its first row, in one round trip; nothing found is not found. */
export async function askAsAdmin<Row extends Record<string, unknown>>(
  ctx: AdminContext,
  query: Query<Row>,
  guard: AdminGuard = {},
): Promise<Row> {
  const [found] = await enterAdmin(ctx, guard, [query]);
  const [row] = (found ?? []) as Row[];
  if (!row) throw nothingHere();
  return row;
}

/** One that makes its body as a `json` column. */
export const readAsAdmin = (ctx: AdminContext, query: SQL): Promise<Answered> =>
  askAsAdmin(ctx, statement<Answered>(ctx.db, answered(query)));

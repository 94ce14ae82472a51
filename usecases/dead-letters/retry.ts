import { sendAgain } from '../../db/dead-letters.ts';
import type { DeadLetterRetry } from '../../domain/dead-letter.ts';
import type { Bell } from '../../domain/event.ts';
import { nothingHere } from '../ask.ts';
import { type AdminContext, enterAdmin } from '../enter-admin.ts';

/** What goes at once; the rest with the next call. */
const BATCH = 1000;

/** Sends one again, or all that died of the same: their jobs start anew, with all their tries. */
export async function retryDeadLetters(
  ctx: AdminContext,
  which: DeadLetterRetry,
): Promise<{ retried: number; has_more: boolean }> {
  const [sent] = await enterAdmin(ctx, { is_write: true }, [sendAgain(ctx.db, which, BATCH)]);
  const bells = (sent as { bell: Bell }[]).map(({ bell }) => bell);
  if (bells.length === 0 && 'id' in which) throw nothingHere();
  if (bells.length > 0) ctx.defer(ctx.ring(bells));
  return { retried: bells.length, has_more: bells.length === BATCH };
}

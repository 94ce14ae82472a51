import type { Answered } from '../../db/answer.ts';
import { findDeadLetters } from '../../db/dead-letters.ts';
import { DeadLetterCursor, type DeadLetterQuery } from '../../domain/dead-letter.ts';
import { readCursor } from '../../domain/page.ts';
import { askAsAdmin } from '../ask-as-admin.ts';
import type { AdminContext } from '../enter-admin.ts';

/** A page of the events that came to no good end. */
export function listDeadLetters(ctx: AdminContext, query: DeadLetterQuery): Promise<Answered> {
  const after = readCursor(DeadLetterCursor, query.cursor);
  return askAsAdmin<Answered>(ctx, findDeadLetters(ctx.db, query, after, []));
}

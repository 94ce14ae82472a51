import type { Answered } from '../../db/answer.ts';
import { findDeadLetters } from '../../db/dead-letters.ts';
import { DeadLetterCursor, type DeadLetterQuery } from '../../domain/dead-letter.ts';
import { readCursor } from '../../domain/page.ts';
import { nothingHere } from '../ask.ts';
import type { Asking } from '../ports.ts';
import { trip } from '../trip.ts';

/** A page of the events that came to no good end. Whoever calls this has made sure that an operator asks. */
export async function listDeadLetters(
  ctx: Pick<Asking, 'db' | 'meter'>,
  query: DeadLetterQuery,
  known: string[] = [],
): Promise<Answered> {
  const after = readCursor(DeadLetterCursor, query.cursor);
  const [{ rows }] = await trip(ctx, [findDeadLetters(ctx.db, query, after, known)]);
  if (!rows[0]) throw nothingHere();
  return rows[0];
}

import type { Answered } from '../../db/answer.ts';
import { findDeadLetter } from '../../db/dead-letters.ts';
import { nothingHere } from '../ask.ts';
import type { Asking } from '../ports.ts';
import { trip } from '../trip.ts';

/** One of them, as the list has it. */
export async function readDeadLetter(
  ctx: Pick<Asking, 'db' | 'meter'>,
  id: number,
  known: string[] = [],
): Promise<Answered> {
  const [{ rows }] = await trip(ctx, [findDeadLetter(ctx.db, id, known)]);
  if (!rows[0]) throw nothingHere();
  return rows[0];
}

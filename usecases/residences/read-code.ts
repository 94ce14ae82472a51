import type { Answered } from '../../db/answer.ts';
import { readStandingCode } from '../../db/share-codes.ts';
import { AppError } from '../../domain/errors.ts';
import { ask, nothingHere } from '../ask.ts';
import type { Context } from '../ports.ts';

/** The home's standing code, for its owner's eyes. */
export async function readCode(ctx: Context, residence_id: number): Promise<Answered> {
  const { db, who, known } = ctx;
  const [home] = await ask(ctx, readStandingCode(db, who, residence_id, known));
  if (!home) throw nothingHere();
  if (home.role !== 'owner') throw new AppError('forbidden', 'Your role in this home does not allow that.');
  if (home.etag === null) throw nothingHere();
  return { body: home.body, etag: home.etag };
}

import { tryResetCode } from '../../db/codes.ts';
import { admit } from '../../db/guard.ts';
import type { ResetCode } from '../../domain/account.ts';
import { isCodeOf } from '../../domain/code.ts';
import type { Asking } from '../ports.ts';
import { trip } from '../trip.ts';
import { admitAttempt, attemptAt, CODES_PER_ADDRESS } from './limits.ts';
import { wrongCode } from './wrong-code.ts';

/** Whose code it is. The try is counted before it is compared; an address that nobody has takes the same trip and work. */
export async function tryCode(ctx: Asking, { email, code }: ResetCode) {
  const { db, address, settings } = ctx;
  const attempt = attemptAt(CODES_PER_ADDRESS, email, address);
  const [, answer] = await trip(ctx, [admit(db, ctx.app_version, true), tryResetCode(db, email, address, attempt)]);
  const found = answer.rows[0]?.found;
  const { user, tried } = found ?? { user: null, tried: null };
  const limit = admitAttempt(CODES_PER_ADDRESS, found, user?.knows_address ?? false);
  const isRight = await isCodeOf(tried, settings.signing_keys, code);
  if (!user || !isRight) throw wrongCode();
  return { user, attempt, limit };
}

/** Says whether a code is good, without using it up. It counts as a try all the same. */
export async function checkResetCode(ctx: Asking, input: ResetCode) {
  const { limit } = await tryCode(ctx, input);
  return { body: JSON.stringify({ valid: true }), limit };
}

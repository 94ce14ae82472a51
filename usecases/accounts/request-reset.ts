import { admit } from '../../db/guard.ts';
import { requestReset } from '../../db/new-codes.ts';
import type { ResetRequest } from '../../domain/account.ts';
import type { Asking } from '../ports.ts';
import { trip } from '../trip.ts';
import { allow, CODES_PER_ADDRESS, NEW_CODES, perAddress } from './limits.ts';

/** Mails a code to whoever has that address. One statement decides, so that nobody can tell whether anybody has. */
export async function askForReset(ctx: Asking, { email }: ResetRequest) {
  const { db, address } = ctx;
  const request = {
    email,
    nonce: crypto.randomUUID(),
    address: perAddress(CODES_PER_ADDRESS, address),
    codes: NEW_CODES,
  };
  const [, asked] = await trip(ctx, [admit(db, ctx.app_version, true), requestReset(db, request, ctx)]);
  const found = asked.rows[0]?.found;
  const limit = allow(CODES_PER_ADDRESS, found);
  if (found?.bell) ctx.defer(ctx.ring([found.bell]));
  const message = 'If there is an account with that address, a code is on its way to it.';
  return { body: JSON.stringify({ message }), limit };
}

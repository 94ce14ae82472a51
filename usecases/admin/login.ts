import {
  actAsAdmin,
  addAdminSession,
  type FoundAdmin,
  type Shown,
  settleLogin,
  signedInAdmin,
  tryAdmin,
} from '../../db/admin/admins.ts';
import { type Attempt, type Counted, countUse, giveBack } from '../../db/rate-counters.ts';
import type { AdminLogin } from '../../domain/admin/account.ts';
import { AppError } from '../../domain/errors.ts';
import { newToken, sha256 } from '../../domain/session.ts';
import {
  ADDRESSES_PER_ACCOUNT,
  admitAttempt,
  allow,
  type LimitState,
  LOGINS_PER_ADDRESS,
  perAddress,
} from '../accounts/limits.ts';
import type { Asking } from '../ports.ts';
import { trip } from '../trip.ts';
import { CODES, codesOf, shownBy } from './proof.ts';

/** `token` is the new session's, once both steps are done. */
export type AdminSignedIn = { body: string; token: string | null; limit: LimitState };

/**
 * Password first, then a code. Whoever is refused took the same trip and the same hash, be there an account or not. Each
 * login makes a session of its own; the one that the browser had, of which `former` is the digest, ends.
 */
export async function loginAdmin(ctx: Asking, input: AdminLogin, former: string | null): Promise<AdminSignedIn> {
  const { db, passwords, address } = ctx;
  const attempt = attemptAt(input.email, address);
  const [tried] = await trip(ctx, [tryAdmin(db, input.email, address, attempt)]);
  const found = tried.rows[0]?.found;
  const limit = admitAttempt(LOGINS_PER_ADDRESS, found?.attempted, found?.knows_address ?? false);

  const { ok, needs_rehash } = await passwords.verify(input.password, found?.admin?.password_hash ?? null);
  if (!found?.admin || !ok) throw refused(ctx, 'password');
  const { admin } = found;
  if (input.totp === undefined && input.recovery_code === undefined) {
    return { body: '{"totp_required":true}', token: null, limit };
  }
  const shown = await shownBy(ctx, admin, input);
  const new_hash = needs_rehash ? await passwords.hash(input.password) : null;
  return { ...(await open(ctx, { admin, shown, attempt, former, new_hash })), limit };
}

type Opening = {
  admin: FoundAdmin;
  shown: Shown | null;
  attempt: Attempt;
  former: string | null;
  new_hash: string | null;
};

/** The code is counted in the batch that uses it up: a thousand guesses at once are no more than a thousand in turn. */
async function open(ctx: Asking, { admin, shown, attempt, former, new_hash }: Opening) {
  const { db, address, user_agent } = ctx;
  const token = newToken();
  const digest = sha256(token);
  const tries = codesOf(admin);
  const [, counted, ...rest] = await trip(ctx, [
    actAsAdmin(db, admin.id, ctx),
    countUse(db, tries),
    ...(shown
      ? [
          addAdminSession(db, admin, shown, tries, { digest, address, user_agent }),
          ...settleLogin(db, admin.id, { digest, former, new_hash, tries }),
          giveBack(db, attempt),
          signedInAdmin(db, digest),
        ]
      : []),
  ]);
  allow(CODES, (counted as { rows: { found: Counted }[] }).rows[0]?.found);
  const answered = (rest.at(-1) as { rows: { body: string }[] } | undefined)?.rows[0];
  if (!answered) throw refused(ctx, 'code');
  return { body: answered.body, token };
}

/** What was wrong is for the log alone. */
function refused({ log, request_id }: Asking, what: string): AppError {
  log('admin.refused', { request_id, what });
  return new AppError('invalid_credentials', 'The address, the password or the code is wrong.');
}

function attemptAt(email: string, address: string): Attempt {
  const [nobody, source] = [sha256(email.toLowerCase()), sha256(address)];
  const account = { ...ADDRESSES_PER_ACCOUNT, subject: `admin_login:account:${nobody}` };
  return { address: perAddress({ ...LOGINS_PER_ADDRESS, name: 'admin_login' }, address), account, source };
}

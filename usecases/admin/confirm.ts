import { confirmSession, tryMyself } from '../../db/admin/admins.ts';
import { answered } from '../../db/admin/answered.ts';
import { readAdminMe } from '../../db/admin/sessions.ts';
import type { Answered } from '../../db/answer.ts';
import { statement } from '../../db/client.ts';
import { type Counted, countUse } from '../../db/rate-counters.ts';
import type { AdminConfirmation } from '../../domain/admin/account.ts';
import { invalid } from '../../domain/errors.ts';
import { sha256 } from '../../domain/session.ts';
import { ADDRESSES_PER_ACCOUNT, admitAttempt, allow, LOGINS_PER_ADDRESS, perAddress } from '../accounts/limits.ts';
import { askAsAdmin } from '../ask-as-admin.ts';
import { type AdminContext, enterAdmin } from '../enter-admin.ts';
import { CODES, codesOf, shownBy } from './proof.ts';

/** Asks who they are once more before what destroys; good for ten minutes. What is wrong is no 401: the session goes on. */
export async function confirmAdmin(ctx: AdminContext, input: AdminConfirmation): Promise<Answered> {
  const { db, session, passwords, address } = ctx;
  const account = { ...ADDRESSES_PER_ACCOUNT, subject: `admin_confirm:session:${session.digest}` };
  const attempt = { address: perAddress(LOGINS_PER_ADDRESS, address), account, source: sha256(address) };
  const { found } = await askAsAdmin(ctx, tryMyself(db, session, attempt));
  admitAttempt(LOGINS_PER_ADDRESS, found.attempted, false);
  const { ok } = await passwords.verify(input.password, found.admin.password_hash);
  if (!ok) throw invalid('password', 'That is not your password.');

  const shown = await shownBy(ctx, found.admin, input);
  const tries = codesOf(found.admin);
  const [counted, confirmed, me] = await enterAdmin(ctx, {}, [
    countUse(db, tries),
    ...(shown
      ? [confirmSession(db, found.admin, shown, tries, session), statement(db, answered(readAdminMe(session)))]
      : []),
  ]);
  allow(CODES, (counted as { found: Counted }[])[0]?.found);
  const [made] = (me ?? []) as Answered[];
  if (confirmed?.length !== 1 || !made) throw invalid('totp', 'That is not a code of yours, or it was used.');
  return made;
}

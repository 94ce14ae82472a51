import type { FoundAdmin, Shown } from '../../db/admin/admins.ts';
import { plainRecoveryCode } from '../../domain/admin/account.ts';
import { unseal } from '../../domain/sealed-text.ts';
import { sha256 } from '../../domain/session.ts';
import { stepOf } from '../../domain/totp.ts';
import type { Limit } from '../accounts/limits.ts';
import type { Asking } from '../ports.ts';

/** What the secret of an authenticator is sealed for. */
export const TOTP_PURPOSE = 'admin-totp';

/** Codes that somebody tries who knows the password: three are good of a million at any time. */
export const CODES: Limit = { name: 'admin_code', quota: 10, window_s: 900 };

export const codesOf = ({ id }: FoundAdmin) => ({ ...CODES, subject: `${CODES.name}:${id}` });

type Given = { totp?: string | undefined; recovery_code?: string | undefined };

/** What a code comes to; null if it is none of theirs. Whether it was used before is for the database to say. */
export async function shownBy(ctx: Asking, admin: FoundAdmin, { totp, recovery_code }: Given): Promise<Shown | null> {
  if (totp === undefined) return recovery_code ? { digest: sha256(plainRecoveryCode(recovery_code)) } : null;
  const secret = await unseal(admin.totp_secret, TOTP_PURPOSE, ctx.settings.signing_keys);
  if (secret === null) {
    ctx.log('admin.secret_unreadable', { request_id: ctx.request_id, admin_id: admin.id });
    return null;
  }
  const step = stepOf(totp, secret, ctx.now());
  return step === null ? null : { step };
}

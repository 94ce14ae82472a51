import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { scryptPasswords } from '../adapters/passwords.ts';
import { type AdminRole, newRecoveryCode, plainRecoveryCode } from '../domain/admin/account.ts';
import { seal } from '../domain/sealed-text.ts';
import { newToken, sha256 } from '../domain/session.ts';
import { newTotpSecret } from '../domain/totp.ts';
import { TOTP_PURPOSE } from '../usecases/admin/proof.ts';

const RECOVERY_CODES = 10;

type Given = { email: string; name: string; role: AdminRole; password?: string; totp_secret?: string };

/** What is shown once: the database keeps digests, and the secret encrypted. */
export type Shown = { password: string; totp_secret: string; recovery_codes: string[] };

const passwords = scryptPasswords();

/** Makes an admin, or gives one who is there already all of it anew and ends their sessions. */
export async function putAdmin(
  client: Client,
  signing_key: string,
  given: Given,
  hash = passwords.hash,
): Promise<Shown> {
  const { email, name, role, password = newToken().slice(3, 27), totp_secret = newTotpSecret() } = given;
  const recovery_codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  const digests = recovery_codes.map((code) => sha256(plainRecoveryCode(code)));
  const values = [email, name, role, await hash(password), await seal(totp_secret, TOTP_PURPOSE, signing_key), digests];
  // Each of these statements sees what was there before it: a new admin has neither sessions nor codes to lose.
  await client.query(
    `with admin as (
       insert into admin_user (email, name, role, password_hash, totp_secret) values (lower($1), $2, $3, $4, $5)
       on conflict (email) do update set name = excluded.name, role = excluded.role, password_hash = excluded.password_hash,
         totp_secret = excluded.totp_secret, totp_step = 0, disabled_at = null
       returning id
     ), signed_out as (
       delete from admin_session where admin_id in (select id from admin)
     ), forgotten as (
       delete from admin_recoverycode where admin_id in (select id from admin)
     )
     insert into admin_recoverycode (admin_id, digest) select id, unnest($6::text[]) from admin`,
    values,
  );
  return { password, totp_secret, recovery_codes };
}

/** Disabled ones keep their row: the audit log names them. */
export async function disableAdmin(client: Client, email: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `with gone as (update admin_user set disabled_at = now() where email = lower($1) returning id),
     signed_out as (delete from admin_session where admin_id in (select id from gone))
     select id from gone`,
    [email],
  );
  return rowCount === 1;
}

const LOCAL = { admin: 'Ada Admin', support: 'Sal Support' } as const;

/** One admin and one of support for a local stack, the same at every start. */
export async function localAdmins(client: Client, folder: string, signing_key: string) {
  const file = join(folder, 'admins.json');
  const kept: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  for (const role of ['admin', 'support'] as const) {
    const email = `${role}@honeydue.example`;
    const { rowCount } = await client.query('select from admin_user where email = $1', [email]);
    const password = kept[`${role}_password`];
    const totp_secret = kept[`${role}_totp_secret`];
    if (rowCount === 1 && password && totp_secret) continue;
    const known = { ...(password && { password }), ...(totp_secret && { totp_secret }) };
    const shown = await putAdmin(client, signing_key, { email, name: LOCAL[role], role, ...known });
    Object.assign(kept, { [`${role}_email`]: email, [`${role}_password`]: shown.password });
    Object.assign(kept, { [`${role}_totp_secret`]: shown.totp_secret });
  }
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  return kept;
}

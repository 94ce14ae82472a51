import * as z from 'zod';
import { line } from '../fields.ts';
import { PageQuery, page } from '../page.ts';
import { Email, TypedPassword } from '../user.ts';

/** `support` reads and writes nothing. */
export const AdminRole = z.enum(['admin', 'support']);
export type AdminRole = z.infer<typeof AdminRole>;

/** Whoever runs honeyDue. */
const Admin = z
  .object({
    id: z.int(),
    email: z.string(),
    name: z.string(),
    role: AdminRole,
    last_login_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Admin' });

const Totp = z
  .string()
  .trim()
  .regex(/^\d{6}$/, 'Must be six digits.');

/** Shown once, when the account is made: 80 random bits in letters that are not mistaken for each other. */
const RECOVERY_LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ0123456789';
const RECOVERY_LENGTH = 16;

export function newRecoveryCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(RECOVERY_LENGTH));
  const letters = Array.from(bytes, (byte) => RECOVERY_LETTERS[byte % RECOVERY_LETTERS.length]).join('');
  return letters.replace(/(.{4})(?!$)/g, '$1-');
}

/** A recovery code as its digest is of: however it was typed. */
export const plainRecoveryCode = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** Besides the password: a code of the authenticator, or in its place one of the recovery codes. */
const proof = { totp: Totp.optional(), recovery_code: line(40, 1).optional().describe('Good once, for a lost phone') };

export const AdminLogin = z.object({ email: Email, password: TypedPassword, ...proof }).meta({ id: 'AdminLogin' });
export type AdminLogin = z.infer<typeof AdminLogin>;

export const AdminConfirmation = z
  .object({ password: TypedPassword, ...proof })
  .refine(({ totp, recovery_code }) => Boolean(totp ?? recovery_code), { path: ['totp'], error: 'A code is needed.' })
  .meta({ id: 'AdminConfirmation' });
export type AdminConfirmation = z.infer<typeof AdminConfirmation>;

/** The second step is wanted, or done. */
export const AdminSignedIn = z
  .union([z.object({ totp_required: z.literal(true) }), z.object({ admin: Admin })])
  .meta({ id: 'AdminSignedIn' });

export const AdminMe = z
  .object({
    admin: Admin,
    confirmed_until: z.iso.datetime().describe('Until then what destroys is done without another confirmation'),
    expires_at: z.iso.datetime().describe('The session ends then at the latest, or after an hour without use'),
  })
  .meta({ id: 'AdminMe' });

const AdminSession = z
  .object({
    id: z.int(),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    is_current: z.boolean(),
    last_used_at: z.iso.datetime(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'AdminSession' });

export const AdminSessions = page(AdminSession).meta({ id: 'AdminSessions' });
export const AdminSessionsQuery = PageQuery.pick({ limit: true });

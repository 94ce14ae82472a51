import * as z from 'zod';
import { isCommonPassword } from './common-passwords.ts';
import { line, text } from './fields.ts';
import { parseZone } from './zone.ts';

export const User = z
  .object({
    id: z.int(),
    username: z.string(),
    email: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    is_verified: z.boolean(),
    timezone: z.string().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'User' });

/** Kept as the database understands it: to PostgreSQL, `UTC+05:30` lies west. */
export const zone = () =>
  text(64)
    .refine((name) => parseZone(name) !== null, 'Must be a time zone like America/Chicago or +05:30.')
    .transform(parseZone);

export const Name = line(150);
export const Email = line(254).pipe(z.email('Must be an e-mail address.'));
export const DeviceName = line(100);

export const Password = z
  .string()
  .min(8)
  .max(128)
  .refine((password) => !isCommonPassword(password), 'Is among the most common passwords.');
/** One that was chosen before, perhaps under other rules. */
export const TypedPassword = z.string().min(1).max(128);

/** Kept for whoever has no password: no password makes it. */
export const NO_PASSWORD = '!';
/** What there is to compare a password with; older data marks what is unusable with more than the mark. */
export const usableHash = (password_hash: string): string | null =>
  password_hash.startsWith(NO_PASSWORD) ? null : password_hash;

export const Registration = z
  .object({
    username: z
      .string()
      .normalize('NFKC')
      .trim()
      .min(3)
      .max(150)
      .refine((username) => /^[^\s\p{C}]+$/u.test(username), 'Must not contain spaces.'),
    email: Email,
    password: Password,
    first_name: Name.default(''),
    last_name: Name.default(''),
    timezone: zone().nullable().default(null),
  })
  .refine(({ username, email }) => !username.includes('@') || username.toLowerCase() === email.toLowerCase(), {
    path: ['username'],
    error: 'May be an e-mail address only if it is your own.',
  })
  .meta({ id: 'Registration' });
export type Registration = z.infer<typeof Registration>;

/** By username or by e-mail, whichever the client calls it. */
export const Login = z
  .object({
    username: line(254).optional(),
    email: line(254).optional(),
    password: TypedPassword,
    device_name: DeviceName.nullish(),
  })
  .refine(({ username, email }) => Boolean(username ?? email), {
    path: ['username'],
    error: 'A username or an e-mail is needed.',
  })
  .meta({ id: 'Login' });
export type Login = z.infer<typeof Login>;

export const ProfileChange = z
  .object({ first_name: Name, last_name: Name, timezone: zone().nullable() })
  .partial()
  .meta({ id: 'ProfileChange' });
export type ProfileChange = z.infer<typeof ProfileChange>;

export const SignedIn = z.object({ token: z.string(), user: User }).meta({ id: 'SignedIn' });

const SHORTEST_USERNAME = 3;
const SUFFIXES = [4, 4, 4, 12];

/** Usernames for somebody of whom only an address is known, the nicest first; the last is hardly ever taken. */
export function usernamesFrom(email: string): string[] {
  const [local = ''] = email.toLowerCase().split('@');
  const name = local.replace(/\+.*$/, '');
  const random = (digits: number) => crypto.randomUUID().replace(/\D/g, '').padEnd(digits, '0').slice(0, digits);
  const others = SUFFIXES.map((digits) => `${name || 'user'}${random(digits)}`);
  return name.length < SHORTEST_USERNAME ? others : [name, ...others];
}

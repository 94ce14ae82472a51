import * as z from 'zod';
import { Code } from './code.ts';
import { line, text } from './fields.ts';
import { DeviceName, Email, Name, Password, TypedPassword } from './user.ts';

export const EmailCode = z.object({ code: Code }).meta({ id: 'EmailCode' });

export const ResetRequest = z.object({ email: Email }).meta({ id: 'ResetRequest' });
export type ResetRequest = z.infer<typeof ResetRequest>;

export const ResetCode = z.object({ email: Email, code: Code }).meta({ id: 'ResetCode' });
export type ResetCode = z.infer<typeof ResetCode>;

export const PasswordReset = z
  .object({ email: Email, code: Code, new_password: Password })
  .meta({ id: 'PasswordReset' });
export type PasswordReset = z.infer<typeof PasswordReset>;

export const PasswordChange = z
  .object({ current_password: TypedPassword, new_password: Password })
  .meta({ id: 'PasswordChange' });
export type PasswordChange = z.infer<typeof PasswordChange>;

export const EmailChange = z.object({ password: TypedPassword, new_email: Email }).meta({ id: 'EmailChange' });
export type EmailChange = z.infer<typeof EmailChange>;

const IdentityToken = text(8192, 1);
const Nonce = text(256, 1);

/** A token that Apple or Google gave out. The names are what Apple tells the app, once, and not us. */
export const SocialSignIn = z
  .object({
    identity_token: IdentityToken,
    nonce: Nonce.nullish(),
    first_name: Name.nullish(),
    last_name: Name.nullish(),
    device_name: DeviceName.nullish(),
  })
  .meta({ id: 'SocialSignIn' });
export type SocialSignIn = z.infer<typeof SocialSignIn>;

/** What shows that it is the owner who wants the account gone. Needed unless it is a dry run. */
export const AccountDeletion = z
  .object({ password: TypedPassword.nullish(), identity_token: IdentityToken.nullish(), nonce: Nonce.nullish() })
  .meta({ id: 'AccountDeletion' });
export type AccountDeletion = z.infer<typeof AccountDeletion>;

export const DeletionQuery = z.object({
  dry_run: z.enum(['true', 'false']).default('false').describe('Only list what would go'),
});

/** Deleted accounts can be restored for so long. */
export const RESTORABLE_DAYS = 30;

export const DeletionPlan = z
  .object({
    residences: z.int().describe('Homes of yours that go, for there is no member to take them over'),
    residences_handed_over: z.int().describe('Homes of yours that pass to their longest-standing member'),
    memberships: z.int().describe('Homes of others that you leave'),
    tasks: z.int().describe('In the homes that go'),
    completions: z.int().describe('In the homes that go'),
    contractors: z.int().describe('In the homes that go, and your own'),
    notifications: z.int(),
    calendar_feeds: z.int(),
    sessions: z.int(),
    restorable_until: z.iso.date(),
  })
  .meta({ id: 'DeletionPlan' });

export const Said = z.object({ message: line(200) }).meta({ id: 'Said' });
export const CodeIsValid = z.object({ valid: z.literal(true) }).meta({ id: 'CodeIsValid' });

import { Hono } from 'hono';
import { readMe } from '../../db/users.ts';
import {
  AccountDeletion,
  DeletionPlan,
  DeletionQuery,
  EmailChange,
  EmailCode,
  PasswordChange,
} from '../../domain/account.ts';
import { ProfileChange, User } from '../../domain/user.ts';
import { changeEmail } from '../../usecases/accounts/change-email.ts';
import { changePassword } from '../../usecases/accounts/change-password.ts';
import { deleteAccount, planDeletion } from '../../usecases/accounts/delete-account.ts';
import { editProfile } from '../../usecases/accounts/edit-profile.ts';
import { logout } from '../../usecases/accounts/logout.ts';
import { logoutAll } from '../../usecases/accounts/logout-all.ts';
import { resendVerification } from '../../usecases/accounts/resend-verification.ts';
import { verifyEmail } from '../../usecases/accounts/verify-email.ts';
import { read } from '../../usecases/ask.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, optionalBody, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

/** One's own account; below the sign-in line. */
export const accounts = new Hono<AppEnv>({ strict: false });

accounts.post('/logout', endpoint('End this session', { 204: null }), async (c) =>
  sendWritten(c, await logout(c.var.ctx)),
);

accounts.post('/logout-all', endpoint('End all your sessions', { 204: null }), async (c) =>
  sendWritten(c, await logoutAll(c.var.ctx)),
);

accounts.get('/me', endpoint('Read your profile', { 200: User }), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readMe(db, who, known)));
});

accounts.patch(
  '/me',
  endpoint('Change your profile', { 200: User }, [409, 412, 413, 415, 422]),
  body(ProfileChange),
  async (c) => sendWritten(c, await editProfile(c.var.ctx, c.req.valid('json'))),
);

accounts.post(
  '/verify-email',
  endpoint(
    'Prove your address, or the new one that you asked for, with a code',
    { 200: User },
    [409, 412, 413, 415, 422],
  ),
  body(EmailCode),
  async (c) => sendWritten(c, await verifyEmail(c.var.ctx, c.req.valid('json').code)),
);

accounts.post(
  '/resend-verification',
  endpoint(
    'Have another code mailed',
    { 202: User, 200: User.describe('You are verified; none was sent.') },
    [409, 412, 413, 422],
  ),
  async (c) => sendWritten(c, await resendVerification(c.var.ctx)),
);

accounts.post(
  '/change-password',
  endpoint('Set a new password; ends your other sessions', { 200: User }, [409, 412, 413, 415, 422]),
  body(PasswordChange),
  async (c) => sendWritten(c, await changePassword(c.var.ctx, c.req.valid('json'))),
);

accounts.post(
  '/change-email',
  endpoint(
    'Have a code mailed to a new address; verify-email with it moves the account there',
    { 200: User },
    [409, 412, 413, 415, 422],
  ),
  body(EmailChange),
  async (c) => sendWritten(c, await changeEmail(c.var.ctx, c.req.valid('json'))),
);

accounts.delete(
  '/account',
  endpoint(
    'Close your account; with dry_run, list what would go',
    { 200: DeletionPlan.describe('Nothing was deleted.'), 204: null },
    [409, 412, 413, 415, 422],
  ),
  query(DeletionQuery),
  optionalBody(AccountDeletion),
  async (c) =>
    c.req.valid('query').dry_run === 'true'
      ? sendRead(c, await planDeletion(c.var.ctx))
      : sendWritten(c, await deleteAccount(c.var.ctx, c.req.valid('json'))),
);

import { Hono } from 'hono';
import { readMe } from '../../db/users.ts';
import { Login, ProfileChange, Registration, SignedIn, User } from '../../domain/user.ts';
import { editProfile } from '../../usecases/accounts/edit-profile.ts';
import { login } from '../../usecases/accounts/login.ts';
import { logout } from '../../usecases/accounts/logout.ts';
import { register } from '../../usecases/accounts/register.ts';
import { read } from '../../usecases/ask.ts';
import { sendRead, sendToken, sendWritten } from '../http/answer.ts';
import { body, endpoint } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

/** Above the sign-in line. */
export const doors = new Hono<AppEnv>({ strict: false });

doors.post(
  '/register',
  endpoint('Make an account and sign in', { 201: SignedIn }, [409, 413, 415]),
  body(Registration),
  async (c) => {
    const { body, limit } = await register(c.var.asking, c.req.valid('json'));
    return sendToken(c, 201, body, limit);
  },
);

doors.post('/login', endpoint('Sign in', { 200: SignedIn }, [401, 413, 415]), body(Login), async (c) => {
  const { body, limit } = await login(c.var.asking, c.req.valid('json'));
  return sendToken(c, 200, body, limit);
});

/** Below it. */
export const accounts = new Hono<AppEnv>({ strict: false });

accounts.post('/logout', endpoint('End this session', { 204: null }), async (c) =>
  sendWritten(c, await logout(c.var.ctx)),
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

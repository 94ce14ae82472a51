import { Hono } from 'hono';
import { AdminLogin, AdminSignedIn } from '../../../domain/admin/account.ts';
import { loginAdmin } from '../../../usecases/admin/login.ts';
import { keepSession, sessionDigest } from '../../http/admin-line.ts';
import { sendUncached } from '../../http/answer.ts';
import { body, endpoint } from '../../http/contract.ts';
import type { AppEnv } from '../../http/env.ts';

/** The way into the dashboard; above the admins' line. */
export const adminDoor = new Hono<AppEnv>({ strict: false });

adminDoor.post(
  '/login',
  endpoint(
    'Sign in to the dashboard: with the password, then once more with a code',
    { 200: AdminSignedIn },
    [401, 403, 413],
  ),
  body(AdminLogin),
  async (c) => {
    const { token, ...answer } = await loginAdmin(c.var.asking, c.req.valid('json'), sessionDigest(c));
    if (token) keepSession(c, token);
    return sendUncached(c, answer);
  },
);

import { Hono } from 'hono';
import { CodeIsValid, PasswordReset, ResetCode, ResetRequest, Said, SocialSignIn } from '../../domain/account.ts';
import { Login, Registration, SignedIn } from '../../domain/user.ts';
import { login } from '../../usecases/accounts/login.ts';
import { register } from '../../usecases/accounts/register.ts';
import { askForReset } from '../../usecases/accounts/request-reset.ts';
import { resetPassword } from '../../usecases/accounts/reset-password.ts';
import { signInWith } from '../../usecases/accounts/sign-in-with.ts';
import { checkResetCode } from '../../usecases/accounts/try-reset-code.ts';
import { sendUncached } from '../http/answer.ts';
import { body, endpoint } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

/** The ways into an account; above the sign-in line. */
export const doors = new Hono<AppEnv>({ strict: false });

doors.post(
  '/register',
  endpoint('Make an account and sign in; a code is mailed to its address', { 201: SignedIn }, [409, 413, 415]),
  body(Registration),
  async (c) => sendUncached(c, { status: 201, ...(await register(c.var.asking, c.req.valid('json'))) }),
);

doors.post('/login', endpoint('Sign in', { 200: SignedIn }, [401, 413, 415]), body(Login), async (c) =>
  sendUncached(c, await login(c.var.asking, c.req.valid('json'))),
);

for (const provider of ['apple', 'google'] as const) {
  doors.post(
    `/${provider}-sign-in`,
    endpoint(
      `Sign in with ${provider === 'apple' ? 'Apple' : 'Google'}; the first time makes an account`,
      { 200: SignedIn, 201: SignedIn },
      [401, 409, 413, 415],
    ),
    body(SocialSignIn),
    async (c) => sendUncached(c, await signInWith(c.var.asking, provider, c.req.valid('json'))),
  );
}

doors.post(
  '/forgot-password',
  endpoint('Have a code mailed that resets the password; says the same whoever asks', { 200: Said }, [413, 415]),
  body(ResetRequest),
  async (c) => sendUncached(c, await askForReset(c.var.asking, c.req.valid('json'))),
);

doors.post(
  '/verify-reset-code',
  endpoint('Ask whether a code resets the password, without using it up', { 200: CodeIsValid }, [413, 415]),
  body(ResetCode),
  async (c) => sendUncached(c, await checkResetCode(c.var.asking, c.req.valid('json'))),
);

doors.post(
  '/reset-password',
  endpoint('Set a new password with a code; ends all sessions', { 200: Said }, [409, 413, 415]),
  body(PasswordReset),
  async (c) => sendUncached(c, await resetPassword(c.var.asking, c.req.valid('json'))),
);

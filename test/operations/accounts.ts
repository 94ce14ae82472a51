import { type CodePurpose, codeOf } from '../../domain/code.ts';
import { NOW, type Person, type World } from '../home.ts';
import { identityToken } from '../identities.ts';
import { OWN, type Sample, type Samples } from './sample.ts';

const PASSWORD = 'correct horse 7';

const own = (path: string, more: Partial<Sample> = {}, body?: object): Sample => ({
  request: () => ({ path: `/api/auth/${path}/`, ...(body && { body }) }),
  answers: OWN,
  ...more,
});

/** A code of somebody, as the mail would have it. */
async function aCode(world: World, user_id: number, purpose: CodePurpose, email = 'x@example.com'): Promise<string> {
  const seed = { user_id, purpose, nonce: crypto.randomUUID() };
  await world.rows(
    `insert into user_confirmationcode (user_id, purpose, nonce, email, expires_at)
     values ($1, $2, $3, $4, now() + interval '10 minutes')`,
    [user_id, purpose, seed.nonce, email],
  );
  return await codeOf(seed, world.ports.settings.signing_keys[0]);
}

async function withPassword(world: World, _home: unknown, { user_id }: Person) {
  const password_hash = await world.ports.passwords.hash(PASSWORD);
  await world.rows('update auth_user set password_hash = $1 where id = $2', [password_hash, user_id]);
  return {};
}

const unverified = async (world: World, { user_id }: Person) =>
  void (await world.rows('update auth_user set is_verified = false where id = $1', [user_id]));

export const ACCOUNTS: Samples = {
  'POST /api/auth/logout/': own('logout'),
  'POST /api/auth/logout-all/': own('logout-all'),
  'GET /api/auth/me/': own('me'),
  'PATCH /api/auth/me/': own('me', {}, { first_name: 'Ann' }),
  'POST /api/auth/verify-email/': {
    async make(world, _home, caller) {
      await unverified(world, caller);
      return { code: await aCode(world, caller.user_id, 'verify_email') };
    },
    request: ({ code }) => ({ path: '/api/auth/verify-email/', body: { code } }),
    answers: OWN,
  },
  'POST /api/auth/resend-verification/': own('resend-verification', {
    async make(world, _home, caller) {
      await unverified(world, caller);
      return {};
    },
  }),
  'POST /api/auth/change-password/': own(
    'change-password',
    { make: withPassword },
    { current_password: PASSWORD, new_password: 'staple battery 8' },
  ),
  'POST /api/auth/change-email/': own(
    'change-email',
    { make: withPassword },
    { password: PASSWORD, new_email: 'new@example.com' },
  ),
  'DELETE /api/auth/account/': own('account', { make: withPassword }, { password: PASSWORD }),
  'GET /api/auth/sessions/': own('sessions'),
  'DELETE /api/auth/sessions/:id/': {
    async make(world, { owner }) {
      const [{ id }] = await world.rows(
        `insert into user_authtoken (user_id, digest) values ($1, gen_random_uuid()::text) returning id::int`,
        [owner.user_id],
      );
      return { session_id: id };
    },
    request: ({ session_id }) => ({ path: `/api/auth/sessions/${session_id}/` }),
    answers: { member: 404, viewer: 404 },
  },
};

const account = () => ({
  username: crypto.randomUUID(),
  email: `${crypto.randomUUID()}@example.com`,
  password: PASSWORD,
});

async function known(world: World) {
  const input = account();
  const { body } = await world.send('POST', '/api/auth/register/', null, input);
  return { ...input, user_id: body.user.id as number };
}

/** Somebody who has just been mailed a code that resets the password. */
async function forgetful(world: World): Promise<Record<string, number | string>> {
  const somebody = await known(world);
  return { ...somebody, code: await aCode(world, somebody.user_id, 'reset_password', somebody.email) };
}

const signInWith = (provider: 'apple' | 'google'): Samples => ({
  [`POST /api/auth/${provider}-sign-in/`]: {
    make: async () => ({
      token: await identityToken(provider, NOW, { sub: crypto.randomUUID(), email: account().email }),
    }),
    request: ({ token }) => ({ path: `/api/auth/${provider}-sign-in/`, body: { identity_token: token } }),
  },
});

/** Above the sign-in line. */
export const DOORS: Samples = {
  'POST /api/auth/register/': { request: () => ({ path: '/api/auth/register/', body: account() }) },
  'POST /api/auth/login/': {
    make: known,
    request: ({ username, password }) => ({ path: '/api/auth/login/', body: { username, password } }),
  },
  ...signInWith('apple'),
  ...signInWith('google'),
  'POST /api/auth/forgot-password/': {
    make: known,
    request: ({ email }) => ({ path: '/api/auth/forgot-password/', body: { email } }),
    trips: 1,
  },
  'POST /api/auth/verify-reset-code/': {
    make: forgetful,
    request: ({ email, code }) => ({ path: '/api/auth/verify-reset-code/', body: { email, code } }),
    trips: 1,
  },
  'POST /api/auth/reset-password/': {
    make: forgetful,
    request: ({ email, code }) => ({
      path: '/api/auth/reset-password/',
      body: { email, code, new_password: 'staple battery 8' },
    }),
  },
};

import { OWN, type Samples } from './sample.ts';

export const ACCOUNTS: Samples = {
  'POST /api/auth/logout/': { request: () => ({ path: '/api/auth/logout/' }), answers: OWN },
  'GET /api/auth/me/': { request: () => ({ path: '/api/auth/me/' }), answers: OWN },
  'PATCH /api/auth/me/': { request: () => ({ path: '/api/auth/me/', body: { first_name: 'Ann' } }), answers: OWN },
};

const account = () => ({
  username: crypto.randomUUID(),
  email: `${crypto.randomUUID()}@example.com`,
  password: 'correct horse 7',
});

/** Above the sign-in line. */
export const DOORS: Samples = {
  'POST /api/auth/register/': { request: () => ({ path: '/api/auth/register/', body: account() }) },
  'POST /api/auth/login/': {
    async make(world) {
      const known = account();
      await world.send('POST', '/api/auth/register/', null, known);
      return known;
    },
    request: ({ username, password }) => ({ path: '/api/auth/login/', body: { username, password } }),
  },
};

import { OWN, OWNERS_ONLY, type Sample, type Samples } from './sample.ts';

const about =
  (more = ''): Sample['request'] =>
  ({ residence_id, member_id }) => ({
    path: `/api/residences/${residence_id}/${more.replace(':user_id', String(member_id))}`,
  });
const sending =
  (more: string, body: object): Sample['request'] =>
  (subject) => ({ ...about(more)(subject), body });

const withCode: Sample['make'] = async (world, { owner, residence_id }) => {
  await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner);
  return {};
};
const withMember: Sample['make'] = async (_world, { member }) => ({ member_id: member.user_id });

export const RESIDENCES: Samples = {
  'GET /api/residences/': { request: () => ({ path: '/api/residences/' }), answers: OWN },
  'GET /api/residences/my/': { request: () => ({ path: '/api/residences/my/' }), answers: OWN },
  'GET /api/residences/summary/': { request: () => ({ path: '/api/residences/summary/' }), answers: OWN },
  'POST /api/residences/': { request: () => ({ path: '/api/residences/', body: { name: 'Cabin' } }), answers: OWN },
  'GET /api/residences/:id/': { request: about() },
  'PUT /api/residences/:id/': { request: sending('', { name: 'New name' }), answers: OWNERS_ONLY },
  'PATCH /api/residences/:id/': { request: sending('', { city: 'Austin' }), answers: OWNERS_ONLY },
  'DELETE /api/residences/:id/': { request: about(), answers: OWNERS_ONLY },
  'POST /api/residences/:id/restore/': {
    async make(world, { owner, residence_id }) {
      await world.send('DELETE', `/api/residences/${residence_id}/`, owner);
      return {};
    },
    request: about('restore/'),
    answers: { member: 404, viewer: 404 },
  },
  'POST /api/residences/:id/pause/': { request: about('pause/') },
  'POST /api/residences/:id/resume/': { request: about('resume/') },
};

export const SHARING: Samples = {
  'GET /api/residences/:id/share-code/': {
    make: withCode,
    request: about('share-code/'),
    answers: { member: 403, viewer: 403 },
  },
  'POST /api/residences/:id/share-code/': { request: sending('share-code/', {}), answers: OWNERS_ONLY },
  'DELETE /api/residences/:id/share-code/': { make: withCode, request: about('share-code/'), answers: OWNERS_ONLY },
  'POST /api/residences/:id/generate-share-package/': {
    request: about('generate-share-package/'),
    answers: OWNERS_ONLY,
  },
  'POST /api/residences/join/': {
    // A home that nobody who asks is in.
    async make(world) {
      const { owner, residence_id } = await world.home();
      return { code: (await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner)).body.code };
    },
    request: ({ code }) => ({ path: '/api/residences/join/', body: { code } }),
    answers: OWN,
  },
  'GET /api/residences/:id/users/': { request: about('users/') },
  'PATCH /api/residences/:id/users/:user_id/': {
    make: withMember,
    request: sending('users/:user_id/', { role: 'viewer' }),
    answers: OWNERS_ONLY,
  },
  'DELETE /api/residences/:id/users/:user_id/': {
    make: withMember,
    request: about('users/:user_id/'),
    answers: OWNERS_ONLY,
  },
  'POST /api/residences/:id/leave/': {
    // The owner must stay, so whoever owns the home has given it away before.
    async make(world, { owner, member, residence_id }, caller) {
      const body = { user_id: member.user_id };
      if (caller === owner) await world.send('POST', `/api/residences/${residence_id}/transfer/`, owner, body);
      return {};
    },
    request: about('leave/'),
    answers: { viewer: 2 },
  },
  'POST /api/residences/:id/transfer/': {
    make: withMember,
    request: ({ residence_id, member_id }) => ({
      path: `/api/residences/${residence_id}/transfer/`,
      body: { user_id: member_id },
    }),
    answers: OWNERS_ONLY,
  },
};

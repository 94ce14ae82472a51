import { OWN, type Sample, type Samples } from './sample.ts';

const ofHome: Sample['make'] = async (world, { owner, residence_id }) => {
  const { body } = await world.send('POST', '/api/contractors/', owner, { residence_id, name: 'Ada Pipes' });
  return { contractor_id: body.id };
};

const about = (rest = '', body?: object): Sample => ({
  make: ofHome,
  request: ({ contractor_id }) => ({ path: `/api/contractors/${contractor_id}/${rest}`, body }),
});

export const CONTRACTORS: Samples = {
  'GET /api/contractors/': { request: () => ({ path: '/api/contractors/' }), answers: OWN },
  'GET /api/contractors/by-residence/:id/': {
    request: ({ residence_id }) => ({ path: `/api/contractors/by-residence/${residence_id}/` }),
  },
  'POST /api/contractors/': {
    request: ({ residence_id }) => ({ path: '/api/contractors/', body: { residence_id, name: 'Ada Pipes' } }),
    trips: 1,
  },
  'GET /api/contractors/:id/': about(),
  'PUT /api/contractors/:id/': about('', { name: 'Ada Tubes' }),
  'PATCH /api/contractors/:id/': about('', { rating: 4.5 }),
  'DELETE /api/contractors/:id/': about(),
  'POST /api/contractors/:id/toggle-favorite/': about('toggle-favorite/'),
  'GET /api/contractors/:id/tasks/': about('tasks/'),
};

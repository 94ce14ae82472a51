import { OWN, OWNERS_ONLY, type Samples } from './sample.ts';

export const RESIDENCES: Samples = {
  'GET /api/residences/': { request: () => ({ path: '/api/residences/' }), answers: OWN },
  'POST /api/residences/': { request: () => ({ path: '/api/residences/', body: { name: 'Cabin' } }), answers: OWN },
  'GET /api/residences/:id/': { request: ({ residence_id }) => ({ path: `/api/residences/${residence_id}/` }) },
  'PUT /api/residences/:id/': {
    request: ({ residence_id }) => ({ path: `/api/residences/${residence_id}/`, body: { name: 'New name' } }),
    answers: OWNERS_ONLY,
  },
  'PATCH /api/residences/:id/': {
    request: ({ residence_id }) => ({ path: `/api/residences/${residence_id}/`, body: { city: 'Austin' } }),
    answers: OWNERS_ONLY,
  },
  'DELETE /api/residences/:id/': {
    request: ({ residence_id }) => ({ path: `/api/residences/${residence_id}/` }),
    answers: OWNERS_ONLY,
  },
};

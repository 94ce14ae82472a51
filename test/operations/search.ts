import { OWN, type Samples } from './sample.ts';

export const SEARCH: Samples = {
  'GET /api/search/': { request: () => ({ path: '/api/search/?q=filter' }), answers: OWN },
  'GET /api/documents/search/': { request: () => ({ path: '/api/documents/search/?q=filter' }), answers: OWN },
};

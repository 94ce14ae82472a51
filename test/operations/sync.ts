import type { Person, World } from '../home.ts';
import { OWN, type Samples } from './sample.ts';

const feed = async (world: World, caller: Person, residence_id: number): Promise<{ feed_id: number; path: string }> => {
  const { body } = await world.send('POST', '/api/calendar/feeds/', caller, { residence_id });
  return { feed_id: body.id, path: new URL(body.url).pathname };
};

export const SYNC: Samples = {
  'GET /api/changes/': { request: () => ({ path: '/api/changes/' }), answers: OWN },
  'GET /api/calendar/feeds/': { request: () => ({ path: '/api/calendar/feeds/' }), answers: OWN },
  'POST /api/calendar/feeds/': {
    request: ({ residence_id }) => ({ path: '/api/calendar/feeds/', body: { residence_id } }),
    answers: { viewer: 2 },
    trips: 1,
  },
  'DELETE /api/calendar/feeds/:id/': {
    make: (world, { owner, residence_id }) => feed(world, owner, residence_id),
    request: ({ feed_id }) => ({ path: `/api/calendar/feeds/${feed_id}/` }),
    answers: { member: 404, viewer: 404 },
  },
};

/** Above the sign-in line. */
export const CALENDARS: Samples = {
  'GET /api/calendar/:feed/': {
    make: (world, { owner, residence_id }) => feed(world, owner, residence_id),
    request: ({ path }) => ({ path: `${path}` }),
  },
};

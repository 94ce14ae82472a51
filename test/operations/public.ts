import { DOORS } from './accounts.ts';
import { CONTACT } from './contact.ts';
import { DOWNLOADS } from './jobs.ts';
import { MAIL_WEBHOOKS } from './mail.ts';
import { UNSUBSCRIBING } from './notifications.ts';
import type { Samples } from './sample.ts';
import { WEBHOOKS } from './subscriptions.ts';
import { CALENDARS } from './sync.ts';

const read = (path: string, trips: number): Samples => ({ [`GET ${path}`]: { request: () => ({ path }), trips } });

/** Costs nothing where somebody has asked before. */
const readKept = (path: string): Samples => ({
  [`GET ${path}`]: {
    make: async (world) => {
      await world.send('GET', path, null);
      return {};
    },
    request: () => ({ path }),
    trips: 0,
  },
});

/** What anyone may ask. */
export const PUBLIC: Samples = {
  ...DOORS,
  ...CONTACT,
  ...WEBHOOKS,
  ...MAIL_WEBHOOKS,
  ...CALENDARS,
  ...UNSUBSCRIBING,
  ...DOWNLOADS,
  ...read('/api/openapi.json', 0),
  ...read('/api/health/', 0),
  ...read('/api/health/ready/', 1),
  ...readKept('/api/static_data/'),
  ...readKept('/api/residences/types/'),
  ...readKept('/api/tasks/categories/'),
  ...readKept('/api/tasks/priorities/'),
  ...readKept('/api/tasks/frequencies/'),
  ...readKept('/api/contractors/specialties/'),
};

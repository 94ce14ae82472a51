import { DOORS } from './accounts.ts';
import { UNSUBSCRIBING } from './notifications.ts';
import type { Samples } from './sample.ts';
import { WEBHOOKS } from './subscriptions.ts';
import { CALENDARS } from './sync.ts';

const read = (path: string, trips: number): Samples => ({ [`GET ${path}`]: { request: () => ({ path }), trips } });

/** What anyone may ask. */
export const PUBLIC: Samples = {
  ...DOORS,
  ...WEBHOOKS,
  ...CALENDARS,
  ...UNSUBSCRIBING,
  ...read('/api/openapi.json', 0),
  ...read('/api/health/', 0),
  ...read('/api/health/ready/', 1),
  ...read('/api/static_data/', 0),
  ...read('/api/residences/types/', 0),
  ...read('/api/tasks/categories/', 0),
  ...read('/api/tasks/priorities/', 0),
  ...read('/api/tasks/frequencies/', 0),
  ...read('/api/contractors/specialties/', 0),
};

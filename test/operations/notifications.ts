import { switchToken } from '../../domain/unsubscribe.ts';
import type { World } from '../home.ts';
import { OWN, type Sample, type Samples } from './sample.ts';

const own = (path: string, body?: object): Sample => ({
  request: () => ({ path: `/api/notifications/${path}`, ...(body && { body }) }),
  answers: OWN,
});

const device = { platform: 'ios', token: 'a1b2c3' };

const ofOwner = { answers: { member: 404, viewer: 404 } };

export const NOTIFICATIONS: Samples = {
  'GET /api/notifications/': own(''),
  'GET /api/notifications/unread-count/': own('unread-count/'),
  'POST /api/notifications/:id/read/': {
    async make(world, { owner }) {
      const [{ id }] = await world.rows(
        `insert into notifications_notification (user_id, type, title, body) values ($1, 'task_overdue', 'Was due', 'x')
         returning id::int`,
        [owner.user_id],
      );
      return { notification_id: id };
    },
    request: ({ notification_id }) => ({ path: `/api/notifications/${notification_id}/read/` }),
    ...ofOwner,
  },
  'POST /api/notifications/mark-all-read/': { ...own('mark-all-read/'), trips: 1 },
  'GET /api/notifications/preferences/': own('preferences/'),
  'PUT /api/notifications/preferences/': own('preferences/', { task_overdue_hour: 18 }),
  'GET /api/notifications/devices/': own('devices/'),
  'POST /api/notifications/devices/': own('devices/', device),
  'DELETE /api/notifications/devices/:id/': {
    make: async (world, { owner }) => ({
      device_id: (await world.send('POST', '/api/notifications/devices/', owner, device)).body.id,
    }),
    request: ({ device_id }) => ({ path: `/api/notifications/devices/${device_id}/` }),
    ...ofOwner,
  },
};

const link: Sample = {
  async make(world: World, _home, { user_id }) {
    const [key] = world.ports.settings.signing_keys;
    return { token: await switchToken({ user_id, type: 'task_overdue', channel: 'push' }, key) };
  },
  request: ({ token }) => ({ path: `/api/unsubscribe/?t=${token}` }),
  trips: 2,
};

/** Above the sign-in line. */
export const UNSUBSCRIBING: Samples = { 'GET /api/unsubscribe/': link, 'POST /api/unsubscribe/': link };

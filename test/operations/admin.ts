import type { World } from '../home.ts';
import { photoOf } from '../uploads/storage.ts';

/** What requests are about: rows of every kind, made past the API. */
export type Things = Record<string, number>;

/** A valid request to an operation of the dashboard. */
export type AdminSample = {
  /** Makes what it is about where the common things will not do. */
  make?: (world: World, things: Things) => Promise<Things>;
  request: (things: Things) => { path: string; body?: object };
  /** Support may: it reads, or is about the caller alone. */
  support?: true;
  /** Asks for a fresh confirmation. */
  grave?: true;
  /** Round trips, where it is not one. */
  trips?: number;
};

const read = (path: string | ((things: Things) => string), more: Partial<AdminSample> = {}): AdminSample => ({
  request: (things) => ({ path: typeof path === 'string' ? path : path(things) }),
  support: true,
  ...more,
});
const write = (
  path: (things: Things) => string,
  body?: object | ((things: Things) => object),
  more: Partial<AdminSample> = {},
): AdminSample => ({
  request: (things) => ({
    path: path(things),
    ...(body && { body: typeof body === 'function' ? body(things) : body }),
  }),
  ...more,
});

/** Lists, and with an id each of their rows. */
const LISTS: Record<string, string> = {
  users: 'user_id',
  residences: 'residence_id',
  tasks: 'task_id',
  completions: 'completion_id',
  contractors: 'contractor_id',
  documents: 'document_id',
  'contact-messages': 'message_id',
  'contact-keys': 'key_id',
  templates: 'template_id',
  jobs: 'event_id',
  'dead-letters': 'dead_id',
  webhooks: 'webhook_id',
};

const lists = Object.fromEntries(
  Object.entries(LISTS).flatMap(([name, id]) => [
    [`GET /api/admin/${name}/`, read(`${name}/`)],
    [`GET /api/admin/${name}/:id/`, read((things) => `${name}/${things[id]}/`)],
  ]),
);

const ofUser = (verb: string, body?: object): AdminSample => write(({ user_id }) => `users/${user_id}/${verb}/`, body);
const ofHome = (verb: string): AdminSample => write(({ residence_id }) => `residences/${residence_id}/${verb}/`);

export const ADMIN: Record<string, AdminSample> = {
  ...lists,
  'POST /api/admin/logout/': write(() => 'logout/', undefined, { support: true }),
  'GET /api/admin/me/': read('me/'),
  'GET /api/admin/sessions/': read('sessions/'),
  'DELETE /api/admin/sessions/:id/': write(({ session_id }) => `sessions/${session_id}/`, undefined, { support: true }),
  'DELETE /api/admin/users/:id/': write(({ user_id }) => `users/${user_id}/`, undefined, { grave: true }),
  'POST /api/admin/users/:id/verify/': ofUser('verify'),
  'POST /api/admin/users/:id/revoke-sessions/': ofUser('revoke-sessions'),
  'POST /api/admin/users/:id/allow-mail/': ofUser('allow-mail'),
  'POST /api/admin/users/:id/restore/': {
    ...ofUser('restore'),
    make: async (world, { user_id }) => {
      await world.rows('update auth_user set deleted_at = now() where id = $1', [user_id]);
      return {};
    },
  },
  'PATCH /api/admin/users/:id/subscription/': write(({ user_id }) => `users/${user_id}/subscription/`, { tier: 'pro' }),
  'GET /api/admin/residences/:id/board/': read(({ residence_id }) => `residences/${residence_id}/board/`),
  'POST /api/admin/residences/:id/pause/': ofHome('pause'),
  'POST /api/admin/residences/:id/resume/': ofHome('resume'),
  'POST /api/admin/residences/:id/restore/': {
    ...ofHome('restore'),
    make: async (world, { residence_id }) => {
      await world.rows('update residence_residence set deleted_at = now() where id = $1', [residence_id]);
      return {};
    },
  },
  'POST /api/admin/contact-messages/:id/answer/': write(({ message_id }) => `contact-messages/${message_id}/answer/`),
  'POST /api/admin/contact-messages/:id/close/': write(({ message_id }) => `contact-messages/${message_id}/close/`),
  'POST /api/admin/contact-keys/': write(() => 'contact-keys/', { name: 'A site' }),
  'POST /api/admin/contact-keys/:id/revoke/': write(({ key_id }) => `contact-keys/${key_id}/revoke/`),
  'POST /api/admin/templates/': write(() => 'templates/', { title: 'Wash the dog', category_id: 1 }),
  'PATCH /api/admin/templates/:id/': write(({ template_id }) => `templates/${template_id}/`, { is_active: false }),
  'POST /api/admin/templates/preview/': write(
    () => 'templates/preview/',
    ({ residence_id }) => ({ residence_id, template: { conditions: { has_pool: true } } }),
    { support: true },
  ),
  'GET /api/admin/look-ups/:kind/': read('look-ups/task-frequencies/'),
  'GET /api/admin/look-ups/:kind/:id/': read('look-ups/task-priorities/1/'),
  'POST /api/admin/look-ups/:kind/': write(
    () => 'look-ups/task-categories/',
    () => ({ name: crypto.randomUUID(), color: '#FF9500' }),
  ),
  'PATCH /api/admin/look-ups/:kind/:id/': write(() => 'look-ups/task-frequencies/2/', { days: 7 }),
  'DELETE /api/admin/look-ups/:kind/:id/': {
    ...write(({ look_up_id }) => `look-ups/contractor-specialties/${look_up_id}/`, undefined, { grave: true }),
    make: async (world) => {
      const [row] = await world.rows(
        `insert into task_contractorspecialty (id, name, display_order)
         select max(id) + 1, gen_random_uuid()::text, 99 from task_contractorspecialty returning id::int`,
      );
      return { look_up_id: row.id };
    },
  },
  'GET /api/admin/settings/': read('settings/'),
  'PATCH /api/admin/settings/': write(() => 'settings/', { min_app_version: null }, { grave: true }),
  'GET /api/admin/overview/': read('overview/'),
  'GET /api/admin/status/': read('status/'),
  'GET /api/admin/trace/': read('trace/?id=7f3a'),
  'GET /api/admin/search/': read('search/?q=maple'),
  'POST /api/admin/dead-letters/:id/retry/': write(({ dead_id }) => `dead-letters/${dead_id}/retry/`),
  'POST /api/admin/dead-letters/retry/': write(() => 'dead-letters/retry/', { type: 'task.created' }),
  'GET /api/admin/audit-log/': read('audit-log/'),
  'GET /api/admin/deliveries/': read('deliveries/'),
  'GET /api/admin/subscriptions/': read('subscriptions/'),
  'GET /api/admin/subscriptions/:user_id/': read(({ user_id }) => `subscriptions/${user_id}/`),
  'GET /api/admin/media/:kind/:id/': read(({ image_id }) => `media/completion-image/${image_id}/`, {
    // Not prepared: no member but its owner may read it yet.
    make: async (world) => {
      const { owner, residence_id } = await world.home();
      const { id } = await world.task(owner, residence_id);
      const { image_id } = await photoOf(world, owner, id);
      return { image_id };
    },
  }),
};

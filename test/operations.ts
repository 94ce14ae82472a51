import { documented } from '../workers/app.ts';
import type { Operation } from '../workers/http/operations.ts';

/** What an operation is called in a test: its method, and its path as the contract spells it. */
export function nameOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  const plain = path.replace(/\{[^}]*\}/g, '').replace(/\/$/, '');
  return `${method} ${plain.endsWith('.json') ? plain : `${plain}/`}`;
}

/** Every operation there is. */
export const operations = (): (Operation & { name: string })[] =>
  documented().map((operation) => ({ ...operation, name: nameOf(operation) }));

/** What a valid request to an operation of signed-in users looks like, about one home and one task in it. */
export const REQUESTS: Record<
  string,
  (ids: { residence_id: number; task_id: number }) => { path: string; body?: object }
> = {
  'POST /api/auth/logout/': () => ({ path: '/api/auth/logout/' }),
  'GET /api/auth/me/': () => ({ path: '/api/auth/me/' }),
  'PATCH /api/auth/me/': () => ({ path: '/api/auth/me/', body: { first_name: 'Ann' } }),
  'GET /api/residences/': () => ({ path: '/api/residences/' }),
  'POST /api/residences/': () => ({ path: '/api/residences/', body: { name: 'Cabin' } }),
  'GET /api/residences/:id/': ({ residence_id }) => ({ path: `/api/residences/${residence_id}/` }),
  'PUT /api/residences/:id/': ({ residence_id }) => ({
    path: `/api/residences/${residence_id}/`,
    body: { name: 'New name' },
  }),
  'PATCH /api/residences/:id/': ({ residence_id }) => ({
    path: `/api/residences/${residence_id}/`,
    body: { city: 'Austin' },
  }),
  'DELETE /api/residences/:id/': ({ residence_id }) => ({ path: `/api/residences/${residence_id}/` }),
  'GET /api/tasks/': ({ residence_id }) => ({ path: `/api/tasks/?residence_id=${residence_id}` }),
  'GET /api/tasks/by-residence/:id/': ({ residence_id }) => ({ path: `/api/tasks/by-residence/${residence_id}/` }),
  'POST /api/tasks/': ({ residence_id }) => ({ path: '/api/tasks/', body: { residence_id, title: 'Sweep' } }),
  'GET /api/tasks/:id/': ({ task_id }) => ({ path: `/api/tasks/${task_id}/` }),
  'PUT /api/tasks/:id/': ({ task_id }) => ({ path: `/api/tasks/${task_id}/`, body: { title: 'Replaced' } }),
  'PATCH /api/tasks/:id/': ({ task_id }) => ({ path: `/api/tasks/${task_id}/`, body: { title: 'Changed' } }),
  'DELETE /api/tasks/:id/': ({ task_id }) => ({ path: `/api/tasks/${task_id}/` }),
  ...Object.fromEntries(
    ['mark-in-progress', 'clear-in-progress', 'cancel', 'uncancel', 'archive', 'unarchive'].map((turn) => [
      `POST /api/tasks/:id/${turn}/`,
      ({ task_id }: { task_id: number }) => ({ path: `/api/tasks/${task_id}/${turn}/` }),
    ]),
  ),
  'POST /api/task-completions/': ({ task_id }) => ({
    path: '/api/task-completions/',
    body: { task_id, completed_at: '2026-03-07T10:00:00Z' },
  }),
};

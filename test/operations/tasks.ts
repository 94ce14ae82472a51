import type { Samples } from './sample.ts';

const turn = (name: string): Samples => ({
  [`POST /api/tasks/:id/${name}/`]: { request: ({ task_id }) => ({ path: `/api/tasks/${task_id}/${name}/` }) },
});

export const TASKS: Samples = {
  'GET /api/tasks/': { request: ({ residence_id }) => ({ path: `/api/tasks/?residence_id=${residence_id}` }) },
  'GET /api/tasks/by-residence/:id/': {
    request: ({ residence_id }) => ({ path: `/api/tasks/by-residence/${residence_id}/` }),
  },
  'POST /api/tasks/': {
    request: ({ residence_id }) => ({ path: '/api/tasks/', body: { residence_id, title: 'Sweep' } }),
    trips: 1,
  },
  'GET /api/tasks/:id/': { request: ({ task_id }) => ({ path: `/api/tasks/${task_id}/` }) },
  'PUT /api/tasks/:id/': {
    request: ({ task_id }) => ({ path: `/api/tasks/${task_id}/`, body: { title: 'Replaced' } }),
  },
  'PATCH /api/tasks/:id/': {
    request: ({ task_id }) => ({ path: `/api/tasks/${task_id}/`, body: { title: 'Changed' } }),
  },
  'DELETE /api/tasks/:id/': { request: ({ task_id }) => ({ path: `/api/tasks/${task_id}/` }) },
  ...turn('mark-in-progress'),
  ...turn('clear-in-progress'),
  ...turn('cancel'),
  ...turn('uncancel'),
  ...turn('archive'),
  ...turn('unarchive'),
  'POST /api/task-completions/': {
    request: ({ task_id }) => ({
      path: '/api/task-completions/',
      body: { task_id, completed_at: '2026-03-07T10:00:00Z' },
    }),
  },
};

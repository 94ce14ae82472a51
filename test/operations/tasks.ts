import type { World } from '../home.ts';
import { type Household, OWN, type Sample, type Samples } from './sample.ts';

const turn = (name: string): Samples => ({
  [`POST /api/tasks/:id/${name}/`]: { request: ({ task_id }) => ({ path: `/api/tasks/${task_id}/${name}/` }) },
});

const read = (path: string): Sample => ({ request: ({ task_id }) => ({ path: `/api/tasks/${task_id}/${path}` }) });

/** A completion of a task that comes back. */
async function makeCompletion(world: World, { owner, residence_id }: Household) {
  const task = await world.task(owner, residence_id, { frequency_id: 5 });
  const input = { task_id: task.id, completed_at: '2026-03-07T10:00:00Z' };
  const { body } = await world.send('POST', '/api/task-completions/', owner, input);
  return { completion_id: body.data.id };
}

const completion = (body?: object): Sample => ({
  make: makeCompletion,
  request: ({ completion_id }) => ({ path: `/api/task-completions/${completion_id}/`, ...(body && { body }) }),
});

const ofEverybody = (path: string): Sample => ({ request: () => ({ path }), answers: OWN });

export const TASKS: Samples = {
  'GET /api/tasks/': { request: ({ residence_id }) => ({ path: `/api/tasks/?residence_id=${residence_id}` }) },
  'GET /api/tasks/by-residence/:id/': {
    request: ({ residence_id }) => ({ path: `/api/tasks/by-residence/${residence_id}/` }),
  },
  'POST /api/tasks/': {
    request: ({ residence_id }) => ({ path: '/api/tasks/', body: { residence_id, title: 'Sweep' } }),
    trips: 1,
  },
  'POST /api/tasks/bulk/': {
    request: ({ residence_id }) => ({
      path: '/api/tasks/bulk/',
      body: { residence_id, tasks: [{ title: 'Sweep' }, { title: 'Mop', frequency_id: 3 }] },
    }),
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
  'POST /api/tasks/:id/skip/': {
    make: async (world, { owner, residence_id }) => {
      const { id } = await world.task(owner, residence_id, { frequency_id: 5 });
      return { recurring_id: id };
    },
    request: ({ recurring_id }) => ({ path: `/api/tasks/${recurring_id}/skip/` }),
  },
  ...turn('quick-complete'),
  'GET /api/tasks/:id/occurrences/': read('occurrences/?count=3'),
  'GET /api/tasks/:id/completions/': read('completions/'),
  'GET /api/tasks/:id/history/': read('history/'),
  'GET /api/tasks/templates/': ofEverybody('/api/tasks/templates/?search=filter'),
  'GET /api/tasks/templates/grouped/': ofEverybody('/api/tasks/templates/grouped/'),
  'GET /api/tasks/templates/:id/': ofEverybody('/api/tasks/templates/1/'),
  'GET /api/tasks/suggestions/': {
    request: ({ residence_id }) => ({ path: `/api/tasks/suggestions/?residence_id=${residence_id}` }),
  },
  'GET /api/task-completions/': {
    request: ({ residence_id }) => ({ path: `/api/task-completions/?residence_id=${residence_id}` }),
  },
  'GET /api/task-completions/:id/': completion(),
  'PATCH /api/task-completions/:id/': completion({ rating: 4 }),
  'DELETE /api/task-completions/:id/': completion(),
  'POST /api/task-completions/': {
    request: ({ task_id }) => ({
      path: '/api/task-completions/',
      body: { task_id, completed_at: '2026-03-07T10:00:00Z' },
    }),
  },
};

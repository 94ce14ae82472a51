import { expect } from 'vitest';
import { CompletionWritten } from '../domain/completion.ts';
import { test } from './home.ts';
import { race } from './race.ts';

const MORNING = '2026-03-07T08:00:00Z';

test('moves the task to its next date and leaves its traces', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const task = await world.task(owner, residence_id, { custom_interval: 90, custom_unit: 'day', in_progress: true });
  const input = { task_id: task.id, completed_at: MORNING, actual_cost: '19.90', rating: 5 };
  const { status, body } = await world.send('POST', '/api/task-completions/', owner, input);
  expect(status).toBe(201);
  expect(CompletionWritten.strict().parse(body)).toMatchObject({
    data: {
      task_id: task.id,
      completed_by_id: owner.user_id,
      previous_next_due_date: '2026-03-07',
      actual_cost: '19.90',
    },
    task: { next_due_date: '2026-06-05', in_progress: false, completion_count: 1, kanban_column: 'upcoming_tasks' },
    summary: { completed_last_30_days: 1 },
  });
});

test('two at once: one wins, the other writes nothing', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const task = await world.task(owner, residence_id, { frequency_id: 5 });
  const done = { task_id: task.id, completed_at: MORNING };
  const path = '/api/task-completions/';
  const answers = await race(world, [
    ['POST', path, owner, done],
    ['POST', path, member, done],
  ]);
  expect(answers.map(({ status }) => status)).toEqual([201, 409]);
  expect(answers[1]?.body.code).toBe('occurrence_completed');
  expect(await world.rows('select count(*)::int n from task_taskcompletion')).toEqual([{ n: 1 }]);
});

test('an older completion that comes late joins the history and moves nothing', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const task = await world.task(owner, residence_id, { frequency_id: 5 });
  const first = await world.send('POST', '/api/task-completions/', owner, { task_id: task.id, completed_at: MORNING });
  const late = await world.send('POST', '/api/task-completions/', owner, {
    task_id: task.id,
    completed_at: '2026-03-01T08:00:00Z',
  });
  expect(late.body.task).toMatchObject({ next_due_date: first.body.task.next_due_date, completion_count: 2 });
  expect(late.body.task.last_completed_at).toBe(first.body.task.last_completed_at);
  expect(late.body.data.previous_next_due_date).toBeNull();
});

test('refuses what cannot be: done before, another occurrence, the future, a cancelled task', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const complete = (task_id: number, more: object = {}) =>
    world.send('POST', '/api/task-completions/', owner, { task_id, completed_at: MORNING, ...more });
  const once = await world.task(owner, residence_id);
  expect((await complete(once.id)).body.task.kanban_column).toBe('completed_tasks');
  expect((await complete(once.id)).body.code).toBe('already_completed');
  const monthly = await world.task(owner, residence_id, { frequency_id: 5 });
  expect((await complete(monthly.id, { occurrence: '2026-02-07' })).body.code).toBe('occurrence_completed');
  expect((await complete(monthly.id, { completed_at: '2026-03-07T15:06:00Z' })).body.fields).toHaveProperty(
    'completed_at',
  );
  expect((await complete(monthly.id, { completed_at: '0000-01-01T00:00:00Z' })).body.fields).toHaveProperty(
    'completed_at',
  );
  expect((await complete(monthly.id, { completed_at: '2026-03-07T15:04:00Z' })).body.data.completed_at).toBe(
    '2026-03-07T15:00:00.000Z',
  );
  const off = await world.task(owner, residence_id);
  await world.send('POST', `/api/tasks/${off.id}/cancel/`, owner);
  expect((await complete(off.id)).body.code).toBe('task_not_active');
});

test('the day it was done is the caller’s day', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const task = await world.task(owner, residence_id, { frequency_id: 2 });
  const input = { task_id: task.id, completed_at: '2026-03-07T02:00:00Z' };
  const zone = { headers: { 'x-timezone': 'America/Chicago' } };
  expect((await world.send('POST', '/api/task-completions/', owner, input, zone)).body.task.next_due_date).toBe(
    '2026-03-07',
  );
});

import { Hono } from 'hono';
import { readTask } from '../../db/tasks.ts';
import { CompletionWritten, QuickCompletion } from '../../domain/completion.ts';
import { NewSkip } from '../../domain/history.ts';
import { NewTask, NewTasks, Task, TaskChange, TaskReplacement, TasksWritten, TaskWritten } from '../../domain/task.ts';
import { read } from '../../usecases/ask.ts';
import { createTask } from '../../usecases/tasks/create.ts';
import { createTasks } from '../../usecases/tasks/create-batch.ts';
import { removeTask } from '../../usecases/tasks/delete.ts';
import { editTask } from '../../usecases/tasks/edit.ts';
import { quickCompleteTask } from '../../usecases/tasks/quick-complete.ts';
import { skipTask } from '../../usecases/tasks/skip.ts';
import { TURN_NAMES, turnTask } from '../../usecases/tasks/turn.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, Id, params } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const tasks = new Hono<AppEnv>({ strict: false });

tasks.post(
  '/',
  endpoint('Create a task', { 201: TaskWritten }, [403, 404, 409, 413, 415, 422]),
  body(NewTask),
  async (c) => sendWritten(c, await createTask(c.var.ctx, c.req.valid('json'))),
);

tasks.post(
  '/bulk',
  endpoint('Create several tasks in one home, or none', { 201: TasksWritten }, [403, 404, 409, 413, 415, 422]),
  body(NewTasks),
  async (c) => sendWritten(c, await createTasks(c.var.ctx, c.req.valid('json'))),
);

tasks.get('/:id{[0-9]+}', endpoint('Read a task', { 200: Task }), params(Id), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readTask(db, who, c.req.valid('param').id, known)));
});

tasks.put(
  '/:id{[0-9]+}',
  endpoint('Replace a task', { 200: TaskWritten }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(TaskReplacement),
  async (c) => sendWritten(c, await editTask(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

tasks.patch(
  '/:id{[0-9]+}',
  endpoint('Change a task', { 200: TaskWritten }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(TaskChange),
  async (c) => sendWritten(c, await editTask(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

tasks.delete(
  '/:id{[0-9]+}',
  endpoint('Delete a task and its history', { 204: null }, [403, 409, 412, 422]),
  params(Id),
  async (c) => sendWritten(c, await removeTask(c.var.ctx, c.req.valid('param').id)),
);

for (const turn of TURN_NAMES) {
  tasks.post(
    `/:id{[0-9]+}/${turn}`,
    endpoint(
      `${turn.charAt(0).toUpperCase()}${turn.slice(1).replaceAll('-', ' ')}: turn this switch of a task`,
      { 200: TaskWritten },
      [403, 409, 412, 413, 422],
    ),
    params(Id),
    async (c) => sendWritten(c, await turnTask(c.var.ctx, c.req.valid('param').id, turn)),
  );
}

tasks.post(
  '/:id{[0-9]+}/skip',
  endpoint('Move a recurring task on without a completion', { 200: TaskWritten }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(NewSkip),
  async (c) => sendWritten(c, await skipTask(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

tasks.post(
  '/:id{[0-9]+}/quick-complete',
  endpoint('Complete a task now', { 200: CompletionWritten }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(QuickCompletion),
  async (c) => sendWritten(c, await quickCompleteTask(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

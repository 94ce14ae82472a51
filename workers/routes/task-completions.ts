import { Hono } from 'hono';
import { CompletionWritten, NewCompletion } from '../../domain/task.ts';
import { completeTask } from '../../usecases/tasks/complete.ts';
import { sendWritten } from '../http/answer.ts';
import { body, endpoint } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const taskCompletions = new Hono<AppEnv>({ strict: false });

taskCompletions.post(
  '/',
  endpoint('Record that a task was done', { 201: CompletionWritten }, [403, 404, 409, 413, 415, 422]),
  body(NewCompletion),
  async (c) => sendWritten(c, await completeTask(c.var.ctx, c.req.valid('json'))),
);

import { Hono } from 'hono';
import * as z from 'zod';
import { readCompletion } from '../../db/completions.ts';
import { readCompletions } from '../../db/history.ts';
import {
  Completion,
  CompletionChange,
  CompletionCursor,
  CompletionDeleted,
  CompletionWritten,
  NewCompletion,
} from '../../domain/completion.ts';
import { moment } from '../../domain/fields.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { read } from '../../usecases/ask.ts';
import { removeCompletion } from '../../usecases/completions/delete.ts';
import { editCompletion } from '../../usecases/completions/edit.ts';
import { completeTask } from '../../usecases/tasks/complete.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const taskCompletions = new Hono<AppEnv>({ strict: false });

const CompletionsQuery = PageQuery.extend({
  residence_id: z.coerce.number().int().positive().optional(),
  task_id: z.coerce.number().int().positive().optional(),
  from: moment().optional().describe('Done at this moment or later'),
  to: moment().optional().describe('Done before this moment'),
});

taskCompletions.get(
  '/',
  endpoint('List what was done in all your homes, the newest first', { 200: page(Completion) }, [404]),
  query(CompletionsQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { residence_id = null, task_id = null, from = null, to = null, limit, cursor } = c.req.valid('query');
    const after = readCursor(CompletionCursor, cursor);
    return sendRead(
      c,
      await read(c.var.ctx, readCompletions(db, who, { residence_id, task_id, from, to, limit, after }, known)),
    );
  },
);

taskCompletions.post(
  '/',
  endpoint('Record that a task was done', { 201: CompletionWritten }, [403, 404, 409, 412, 413, 415, 422, 502]),
  body(NewCompletion),
  async (c) => sendWritten(c, await completeTask(c.var.ctx, c.req.valid('json'))),
);

taskCompletions.get('/:id{[0-9]+}', endpoint('Read a completion', { 200: Completion }), params(Id), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readCompletion(db, who, c.req.valid('param').id, known)));
});

taskCompletions.patch(
  '/:id{[0-9]+}',
  endpoint('Change what is said of a completion', { 200: CompletionWritten }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(CompletionChange),
  async (c) => sendWritten(c, await editCompletion(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

taskCompletions.delete(
  '/:id{[0-9]+}',
  endpoint('Undo a completion', { 200: CompletionDeleted }, [403, 409, 412, 422]),
  params(Id),
  async (c) => sendWritten(c, await removeCompletion(c.var.ctx, c.req.valid('param').id)),
);

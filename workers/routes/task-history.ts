import { Hono } from 'hono';
import * as z from 'zod';
import { readCompletions, readHistory } from '../../db/history.ts';
import { Completion, CompletionCursor } from '../../domain/completion.ts';
import { HistoryCursor, HistoryEntry } from '../../domain/history.ts';
import { OccurrenceCount, Occurrences } from '../../domain/occurrence.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { read } from '../../usecases/ask.ts';
import { previewTask } from '../../usecases/tasks/preview.ts';
import { sendRead } from '../http/answer.ts';
import { endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

/** What became of a task's occurrences, and what is to come. */
export const taskHistory = new Hono<AppEnv>({ strict: false });

taskHistory.get(
  '/:id{[0-9]+}/occurrences',
  endpoint('Preview the dates on which a task comes', { 200: Occurrences }),
  params(Id),
  query(z.object({ count: OccurrenceCount })),
  async (c) => sendRead(c, await previewTask(c.var.ctx, c.req.valid('param').id, c.req.valid('query').count)),
);

taskHistory.get(
  '/:id{[0-9]+}/completions',
  endpoint('List the completions of a task, the newest first', { 200: page(Completion) }),
  params(Id),
  query(PageQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { limit, cursor } = c.req.valid('query');
    const which = { task_id: c.req.valid('param').id, residence_id: null, from: null, to: null };
    const after = readCursor(CompletionCursor, cursor);
    return sendRead(c, await read(c.var.ctx, readCompletions(db, who, { ...which, limit, after }, known)));
  },
);

taskHistory.get(
  '/:id{[0-9]+}/history',
  endpoint('List the completions and skips of a task, the newest first', { 200: page(HistoryEntry) }),
  params(Id),
  query(PageQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { limit, cursor } = c.req.valid('query');
    const task_id = c.req.valid('param').id;
    const after = readCursor(HistoryCursor, cursor);
    return sendRead(c, await read(c.var.ctx, readHistory(db, who, { task_id, limit, after }, known)));
  },
);

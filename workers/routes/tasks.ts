import { Hono } from 'hono';
import * as z from 'zod';
import { readBoard, readColumn } from '../../db/board.ts';
import { readTask } from '../../db/tasks.ts';
import { COLUMNS, ColumnName, DEFAULT_DAYS } from '../../domain/board.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { Board, NewTask, Task, TaskChange, TaskReplacement, TaskWritten } from '../../domain/task.ts';
import { read } from '../../usecases/ask.ts';
import { createTask } from '../../usecases/tasks/create.ts';
import { removeTask } from '../../usecases/tasks/delete.ts';
import { editTask } from '../../usecases/tasks/edit.ts';
import { TURN_NAMES, turnTask } from '../../usecases/tasks/turn.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const tasks = new Hono<AppEnv>({ strict: false });

const BoardQuery = PageQuery.extend({
  days: z.coerce.number().int().min(1).max(365).default(DEFAULT_DAYS).describe('How far ahead “due soon” reaches'),
  include: z.literal('cancelled').optional().describe('Adds the sixth column'),
  column: ColumnName.optional().describe('One column as a paged list instead of the board'),
  residence_id: z.coerce.number().int().positive().optional(),
});
const HomeBoardQuery = BoardQuery.pick({ days: true, include: true });
const ColumnCursor = z.tuple([z.iso.datetime({ offset: true }).nullable(), z.iso.date().nullable(), z.int(), z.int()]);

const shown = (include: 'cancelled' | undefined): ColumnName[] =>
  COLUMNS.map(({ name }) => name).filter((name) => name !== 'cancelled_tasks' || include === 'cancelled');

tasks.get(
  '/',
  endpoint('Read the board of all your homes, or one column as a list', { 200: z.union([Board, page(Task)]) }, [404]),
  query(BoardQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { days, include, column, residence_id = null, limit, cursor } = c.req.valid('query');
    const query = column
      ? readColumn(db, who, { days, column, residence_id, limit, after: readCursor(ColumnCursor, cursor) }, known)
      : readBoard(db, who, { days, columns: shown(include), residence_id }, known);
    return sendRead(c, await read(c.var.ctx, query));
  },
);

tasks.get(
  '/by-residence/:id{[0-9]+}',
  endpoint('Read the board of one home', { 200: Board }),
  params(Id),
  query(HomeBoardQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { days, include } = c.req.valid('query');
    const residence_id = c.req.valid('param').id;
    return sendRead(
      c,
      await read(c.var.ctx, readBoard(db, who, { days, columns: shown(include), residence_id }, known)),
    );
  },
);

tasks.post(
  '/',
  endpoint('Create a task', { 201: TaskWritten }, [403, 404, 409, 413, 415, 422]),
  body(NewTask),
  async (c) => sendWritten(c, await createTask(c.var.ctx, c.req.valid('json'))),
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

import { Hono } from 'hono';
import * as z from 'zod';
import { readColumn } from '../../db/board.ts';
import { COLUMNS, ColumnName, DEFAULT_DAYS } from '../../domain/board.ts';
import { moment } from '../../domain/fields.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { Board, Task } from '../../domain/task.ts';
import { read } from '../../usecases/ask.ts';
import { readMyBoard } from '../../usecases/tasks/read-board.ts';
import { sendRead } from '../http/answer.ts';
import { endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const board = new Hono<AppEnv>({ strict: false });

const BoardQuery = PageQuery.extend({
  days: z.coerce.number().int().min(1).max(365).default(DEFAULT_DAYS).describe('How far ahead “due soon” reaches'),
  include: z.literal('cancelled').optional().describe('Adds the sixth column'),
  column: ColumnName.optional().describe('One column as a paged list instead of the board'),
  residence_id: z.coerce.number().int().positive().optional(),
});
const HomeBoardQuery = BoardQuery.pick({ days: true, include: true });
/** A next date may be as late as a date can be. */
const AnyDate = z.iso.date().refine((date) => date > '0001');
const ColumnCursor = z.tuple([moment().nullable(), AnyDate.nullable(), z.int32().nonnegative(), z.int()]);

const shown = (include: 'cancelled' | undefined): ColumnName[] =>
  COLUMNS.map(({ name }) => name).filter((name) => name !== 'cancelled_tasks' || include === 'cancelled');

board.get(
  '/',
  endpoint('Read the board of all your homes, or one column as a list', { 200: z.union([Board, page(Task)]) }, [404]),
  query(BoardQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { days, include, column, residence_id = null, limit, cursor } = c.req.valid('query');
    if (!column) return sendRead(c, await readMyBoard(c.var.ctx, { days, columns: shown(include), residence_id }));
    const after = readCursor(ColumnCursor, cursor);
    const query = readColumn(db, who, { days, column, residence_id, limit, after }, known);
    return sendRead(c, await read(c.var.ctx, query));
  },
);

board.get(
  '/by-residence/:id{[0-9]+}',
  endpoint('Read the board of one home', { 200: Board }),
  params(Id),
  query(HomeBoardQuery),
  async (c) => {
    const { days, include } = c.req.valid('query');
    const residence_id = c.req.valid('param').id;
    return sendRead(c, await readMyBoard(c.var.ctx, { days, columns: shown(include), residence_id }));
  },
);

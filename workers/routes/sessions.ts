import { Hono } from 'hono';
import * as z from 'zod';
import { readSessions } from '../../db/sessions.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { Session } from '../../domain/session.ts';
import { endSession } from '../../usecases/accounts/end-session.ts';
import { read } from '../../usecases/ask.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const sessions = new Hono<AppEnv>({ strict: false });

const Cursor = z.tuple([z.int().nonnegative()]);

sessions.get('/', endpoint('List where you are signed in', { 200: page(Session) }), query(PageQuery), async (c) => {
  const { db, who, known } = c.var.ctx;
  const { limit, cursor } = c.req.valid('query');
  const [after] = readCursor(Cursor, cursor) ?? [null];
  return sendRead(c, await read(c.var.ctx, readSessions(db, who, { limit, after }, known)));
});

sessions.delete('/:id{[0-9]+}', endpoint('Sign a device out', { 204: null }, [409, 412, 422]), params(Id), async (c) =>
  sendWritten(c, await endSession(c.var.ctx, c.req.valid('param').id)),
);

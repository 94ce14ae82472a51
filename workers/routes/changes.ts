import { Hono } from 'hono';
import { readChanges } from '../../db/changes.ts';
import { Changes, ChangesCursor, ChangesQuery } from '../../domain/change.ts';
import { readCursor } from '../../domain/page.ts';
import { read } from '../../usecases/ask.ts';
import { sendRead } from '../http/answer.ts';
import { endpoint, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const changes = new Hono<AppEnv>({ strict: false });

changes.get('/', endpoint('Follow what changes in your homes', { 200: Changes }), query(ChangesQuery), async (c) => {
  const { db, who, known } = c.var.ctx;
  const { since, limit } = c.req.valid('query');
  const cursor = readCursor(ChangesCursor, since || undefined, 'since') ?? {};
  return sendRead(c, await read(c.var.ctx, readChanges(db, who, { since: cursor, limit }, known)));
});

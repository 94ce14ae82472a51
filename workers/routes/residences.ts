import { Hono } from 'hono';
import * as z from 'zod';
import { readMyResidences, readResidence, readResidences } from '../../db/residences.ts';
import { readSummary } from '../../db/summary.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { MyResidence, NewResidence, Residence, ResidenceChange } from '../../domain/residence.ts';
import { TotalSummary } from '../../domain/summary.ts';
import { read } from '../../usecases/ask.ts';
import { createResidence } from '../../usecases/residences/create.ts';
import { removeResidence } from '../../usecases/residences/delete.ts';
import { editResidence } from '../../usecases/residences/edit.ts';
import { pauseResidence } from '../../usecases/residences/pause.ts';
import { bringBackResidence } from '../../usecases/residences/restore.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const residences = new Hono<AppEnv>({ strict: false });

const Cursor = z.tuple([z.int().nonnegative()]);

residences.get('/', endpoint('List your homes', { 200: page(Residence) }), query(PageQuery), async (c) => {
  const { db, who, known } = c.var.ctx;
  const { limit, cursor } = c.req.valid('query');
  const [after] = readCursor(Cursor, cursor) ?? [null];
  return sendRead(c, await read(c.var.ctx, readResidences(db, who, { limit, after }, known)));
});

residences.get(
  '/my',
  endpoint('List your homes, each with what its tasks come to', { 200: page(MyResidence) }),
  query(PageQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { limit, cursor } = c.req.valid('query');
    const [after] = readCursor(Cursor, cursor) ?? [null];
    return sendRead(c, await read(c.var.ctx, readMyResidences(db, who, { limit, after }, known)));
  },
);

residences.get('/summary', endpoint('Sum up all your homes', { 200: TotalSummary }), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readSummary(db, who, known)));
});

residences.post(
  '/',
  endpoint('Make a home; you own it', { 201: Residence }, [403, 409, 413, 415, 422]),
  body(NewResidence),
  async (c) => sendWritten(c, await createResidence(c.var.ctx, c.req.valid('json'))),
);

residences.get('/:id{[0-9]+}', endpoint('Read a home', { 200: Residence }), params(Id), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readResidence(db, who, c.req.valid('param').id, known)));
});

residences.put(
  '/:id{[0-9]+}',
  endpoint('Replace what is known of a home', { 200: Residence }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(NewResidence),
  async (c) => sendWritten(c, await editResidence(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

residences.patch(
  '/:id{[0-9]+}',
  endpoint('Change a home', { 200: Residence }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(ResidenceChange),
  async (c) => sendWritten(c, await editResidence(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

residences.delete(
  '/:id{[0-9]+}',
  endpoint('Delete a home, for all its members', { 204: null }, [403, 409, 412, 422]),
  params(Id),
  async (c) => sendWritten(c, await removeResidence(c.var.ctx, c.req.valid('param').id)),
);

residences.post(
  '/:id{[0-9]+}/restore',
  endpoint('Bring back a home that you deleted in the last 30 days', { 200: Residence }, [403, 409, 413, 422]),
  params(Id),
  async (c) => sendWritten(c, await bringBackResidence(c.var.ctx, c.req.valid('param').id)),
);

residences.post(
  '/:id{[0-9]+}/pause',
  endpoint('Pause a home: nobody is reminded of its tasks', { 200: Residence }, [403, 409, 412, 413, 422]),
  params(Id),
  async (c) => sendWritten(c, await pauseResidence(c.var.ctx, c.req.valid('param').id, true)),
);

residences.post(
  '/:id{[0-9]+}/resume',
  endpoint('Resume a home', { 200: Residence }, [403, 409, 412, 413, 422]),
  params(Id),
  async (c) => sendWritten(c, await pauseResidence(c.var.ctx, c.req.valid('param').id, false)),
);

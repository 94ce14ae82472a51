import { Hono } from 'hono';
import * as z from 'zod';
import { readResidence, readResidences } from '../../db/residences.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { NewResidence, Residence, ResidenceChange } from '../../domain/residence.ts';
import { read } from '../../usecases/ask.ts';
import { createResidence } from '../../usecases/residences/create.ts';
import { removeResidence } from '../../usecases/residences/delete.ts';
import { editResidence } from '../../usecases/residences/edit.ts';
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

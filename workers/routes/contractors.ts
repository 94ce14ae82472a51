import { type Context, Hono } from 'hono';
import type * as z from 'zod';
import { readContractors, readContractorTasks } from '../../db/contractor-lists.ts';
import { readContractor } from '../../db/contractors.ts';
import {
  Contractor,
  ContractorChange,
  ContractorCursor,
  ContractorQuery,
  ContractorReplacement,
  ContractorTaskCursor,
  Favorite,
  NewContractor,
} from '../../domain/contractor.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { Task } from '../../domain/task.ts';
import { read } from '../../usecases/ask.ts';
import { createContractor } from '../../usecases/contractors/create.ts';
import { removeContractor } from '../../usecases/contractors/delete.ts';
import { editContractor } from '../../usecases/contractors/edit.ts';
import { favorContractor } from '../../usecases/contractors/favor.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const contractors = new Hono<AppEnv>({ strict: false });

const HomeQuery = ContractorQuery.omit({ residence_id: true });

contractors.get(
  '/',
  endpoint('List the contractors of your homes and your own', { 200: page(Contractor) }, [404]),
  query(ContractorQuery),
  async (c) => sendList(c, c.req.valid('query')),
);

contractors.get(
  '/by-residence/:id{[0-9]+}',
  endpoint('List the contractors of a home', { 200: page(Contractor) }),
  params(Id),
  query(HomeQuery),
  async (c) => sendList(c, { ...c.req.valid('query'), residence_id: c.req.valid('param').id }),
);

async function sendList(c: Context<AppEnv>, { cursor, ...query }: z.infer<typeof ContractorQuery>): Promise<Response> {
  const { db, who, known } = c.var.ctx;
  const after = readCursor(ContractorCursor, cursor);
  return sendRead(c, await read(c.var.ctx, readContractors(db, who, { ...query, after }, known)));
}

contractors.post(
  '/',
  endpoint('Keep a contractor, of a home or your own', { 201: Contractor }, [403, 404, 409, 413, 415, 422]),
  body(NewContractor),
  async (c) => sendWritten(c, await createContractor(c.var.ctx, c.req.valid('json'))),
);

contractors.get('/:id{[0-9]+}', endpoint('Read a contractor', { 200: Contractor }), params(Id), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readContractor(db, who, c.req.valid('param').id, known)));
});

contractors.put(
  '/:id{[0-9]+}',
  endpoint('Replace a contractor', { 200: Contractor }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(ContractorReplacement),
  async (c) => sendWritten(c, await editContractor(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

contractors.patch(
  '/:id{[0-9]+}',
  endpoint('Change a contractor', { 200: Contractor }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(ContractorChange),
  async (c) => sendWritten(c, await editContractor(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

contractors.delete(
  '/:id{[0-9]+}',
  endpoint('Delete a contractor', { 204: null }, [403, 409, 412, 422]),
  params(Id),
  async (c) => sendWritten(c, await removeContractor(c.var.ctx, c.req.valid('param').id)),
);

contractors.post(
  '/:id{[0-9]+}/toggle-favorite',
  endpoint('Make a contractor a favourite, or not', { 200: Contractor }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(Favorite),
  async (c) => sendWritten(c, await favorContractor(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

contractors.get(
  '/:id{[0-9]+}/tasks',
  endpoint('List the tasks that a contractor is for', { 200: page(Task) }),
  params(Id),
  query(PageQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { limit, cursor } = c.req.valid('query');
    const after = readCursor(ContractorTaskCursor, cursor);
    return sendRead(
      c,
      await read(c.var.ctx, readContractorTasks(db, who, c.req.valid('param').id, { limit, after }, known)),
    );
  },
);

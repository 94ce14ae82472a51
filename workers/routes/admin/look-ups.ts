import { Hono } from 'hono';
import * as z from 'zod';
import { lookUpsOf, oneLookUp } from '../../../db/admin/look-ups.ts';
import {
  AdminLookUp,
  LookUpChange,
  LookUpId,
  LookUpKind,
  LookUpsQuery,
  NewLookUp,
} from '../../../domain/admin/look-up.ts';
import { page } from '../../../domain/page.ts';
import { editLookUp, makeLookUp, removeLookUp } from '../../../usecases/admin/look-ups.ts';
import { readAsAdmin } from '../../../usecases/ask-as-admin.ts';
import { sendList } from '../../http/admin-list.ts';
import { sendMade, sendWritten } from '../../http/answer.ts';
import { body, endpoint, params, query } from '../../http/contract.ts';
import type { AppEnv } from '../../http/env.ts';

export const lookUps = new Hono<AppEnv>({ strict: false });

const Kind = z.object({ kind: LookUpKind });

lookUps.get(
  '/look-ups/:kind',
  endpoint('List look-ups of a kind', { 200: page(AdminLookUp) }),
  params(Kind),
  query(LookUpsQuery),
  async (c) => {
    const { kind } = c.req.valid('param');
    return await sendList(c, kind, { row: AdminLookUp, source: lookUpsOf(kind) }, c.req.valid('query'));
  },
);

lookUps.get(
  '/look-ups/:kind/:id{[0-9]+}',
  endpoint('Read a look-up', { 200: AdminLookUp }),
  params(LookUpId),
  async (c) => {
    const { kind, id } = c.req.valid('param');
    return sendMade(c, await readAsAdmin(c.var.admin, oneLookUp(kind, id)));
  },
);

lookUps.post(
  '/look-ups/:kind',
  endpoint('Add a look-up', { 201: AdminLookUp }, [403, 409, 413]),
  params(Kind),
  body(NewLookUp),
  async (c) => sendWritten(c, await makeLookUp(c.var.admin, c.req.valid('param').kind, c.req.valid('json'))),
);

lookUps.patch(
  '/look-ups/:kind/:id{[0-9]+}',
  endpoint('Change a look-up', { 200: AdminLookUp }, [403, 409, 413]),
  params(LookUpId),
  body(LookUpChange),
  async (c) => {
    const { kind, id } = c.req.valid('param');
    return sendWritten(c, await editLookUp(c.var.admin, kind, id, c.req.valid('json')));
  },
);

lookUps.delete(
  '/look-ups/:kind/:id{[0-9]+}',
  endpoint('Delete a look-up that nothing uses', { 204: null }, [403, 409]),
  params(LookUpId),
  async (c) => {
    const { kind, id } = c.req.valid('param');
    return sendWritten(c, await removeLookUp(c.var.admin, kind, id));
  },
);

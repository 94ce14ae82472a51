import { Hono } from 'hono';
import * as z from 'zod';
import { readMembers } from '../../db/members.ts';
import { Member, MemberChange, Transfer } from '../../domain/member.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { Residence } from '../../domain/residence.ts';
import { read } from '../../usecases/ask.ts';
import { changeRole } from '../../usecases/residences/change-role.ts';
import { leaveResidence } from '../../usecases/residences/leave.ts';
import { removeMember } from '../../usecases/residences/remove-member.ts';
import { transferResidence } from '../../usecases/residences/transfer.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

/** Who is in a home. */
export const members = new Hono<AppEnv>({ strict: false });

const MemberId = Id.extend({ user_id: Id.shape.id });
const Cursor = z.tuple([z.iso.datetime({ offset: true }), z.int().positive()]);

members.get(
  '/:id{[0-9]+}/users',
  endpoint('List the members of a home', { 200: page(Member) }),
  params(Id),
  query(PageQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { limit, cursor } = c.req.valid('query');
    const paged = { limit, after: readCursor(Cursor, cursor) };
    return sendRead(c, await read(c.var.ctx, readMembers(db, who, c.req.valid('param').id, paged, known)));
  },
);

members.patch(
  '/:id{[0-9]+}/users/:user_id{[0-9]+}',
  endpoint('Change the role of a member', { 200: Member }, [403, 409, 412, 413, 415, 422]),
  params(MemberId),
  body(MemberChange),
  async (c) => {
    const { id, user_id } = c.req.valid('param');
    return sendWritten(c, await changeRole(c.var.ctx, id, user_id, c.req.valid('json').role));
  },
);

members.delete(
  '/:id{[0-9]+}/users/:user_id{[0-9]+}',
  endpoint('Remove a member', { 204: null }, [403, 409, 412, 422]),
  params(MemberId),
  async (c) => {
    const { id, user_id } = c.req.valid('param');
    return sendWritten(c, await removeMember(c.var.ctx, id, user_id));
  },
);

members.post(
  '/:id{[0-9]+}/leave',
  endpoint('Leave a home; its owner must stay', { 204: null }, [403, 409, 412, 413, 422]),
  params(Id),
  async (c) => sendWritten(c, await leaveResidence(c.var.ctx, c.req.valid('param').id)),
);

members.post(
  '/:id{[0-9]+}/transfer',
  endpoint('Give a home to another member', { 200: Residence }, [403, 409, 412, 413, 415, 422]),
  params(Id),
  body(Transfer),
  async (c) => sendWritten(c, await transferResidence(c.var.ctx, c.req.valid('param').id, c.req.valid('json').user_id)),
);

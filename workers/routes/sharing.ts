import { Hono, type MiddlewareHandler } from 'hono';
import { Residence } from '../../domain/residence.ts';
import { Joining, NewShareCode, ShareCode, SharePackage } from '../../domain/share-code.ts';
import { joinResidence } from '../../usecases/residences/join.ts';
import { makeSharePackage, makeStandingCode } from '../../usecases/residences/make-code.ts';
import { readCode } from '../../usecases/residences/read-code.ts';
import { revokeCode } from '../../usecases/residences/revoke-code.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, Id, params } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

/** How others come into a home. */
export const sharing = new Hono<AppEnv>({ strict: false });

/** A code lets anyone in who has it: no cache may keep it. */
const unkept: MiddlewareHandler<AppEnv> = async function unkept(c, next) {
  c.header('cache-control', 'no-store');
  await next();
};

sharing.get(
  '/:id{[0-9]+}/share-code',
  unkept,
  endpoint('Read the code that others join by', { 200: ShareCode }, [403]),
  params(Id),
  async (c) => sendRead(c, await readCode(c.var.ctx, c.req.valid('param').id)),
);

sharing.post(
  '/:id{[0-9]+}/share-code',
  unkept,
  endpoint(
    'Make the code that others join by, in the place of the one before',
    { 201: ShareCode },
    [403, 409, 413, 415, 422],
  ),
  params(Id),
  body(NewShareCode),
  async (c) => sendWritten(c, await makeStandingCode(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

sharing.delete(
  '/:id{[0-9]+}/share-code',
  endpoint('End the code that others join by', { 204: null }, [403, 409, 412, 422]),
  params(Id),
  async (c) => sendWritten(c, await revokeCode(c.var.ctx, c.req.valid('param').id)),
);

sharing.post(
  '/:id{[0-9]+}/generate-share-package',
  unkept,
  endpoint(
    'Make what a .honeydue file holds: a code that is good once',
    { 201: SharePackage },
    [403, 409, 413, 415, 422],
  ),
  params(Id),
  body(NewShareCode),
  async (c) => sendWritten(c, await makeSharePackage(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))),
);

sharing.post(
  '/join',
  endpoint('Join a home by a code', { 200: Residence }, [403, 404, 409, 410, 413, 415, 422]),
  body(Joining),
  async (c) => {
    const { written, limit } = await joinResidence(c.var.ctx, c.req.valid('json').code);
    c.header('ratelimit', `"${limit.name}";r=${limit.remaining};t=${limit.reset_s}`);
    return sendWritten(c, written);
  },
);

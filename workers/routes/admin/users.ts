import { Hono } from 'hono';
import { oneUser, users as source } from '../../../db/admin/users.ts';
import { DeletionPlan, DeletionQuery } from '../../../domain/account.ts';
import { AdminUser, SubscriptionChange, UserRow, UsersQuery } from '../../../domain/admin/user.ts';
import {
  allowMail,
  bringBackUser,
  deleteUser,
  planUserDeletion,
  revokeSessions,
  setSubscription,
  verify,
} from '../../../usecases/admin/users.ts';
import { readAsAdmin } from '../../../usecases/ask-as-admin.ts';
import { list } from '../../http/admin-list.ts';
import { sendMade, sendWritten } from '../../http/answer.ts';
import { body, endpoint, Id, params, query } from '../../http/contract.ts';
import type { AppEnv } from '../../http/env.ts';

export const users = new Hono<AppEnv>({ strict: false });

list(users, '/users', 'List users', { row: UserRow, query: UsersQuery, source });

users.get(
  '/users/:id{[0-9]+}',
  endpoint('Read a user and what hangs on them', { 200: AdminUser }),
  params(Id),
  async (c) => sendMade(c, await readAsAdmin(c.var.admin, oneUser(c.req.valid('param').id))),
);

users.delete(
  '/users/:id{[0-9]+}',
  endpoint(
    'Close a user’s account; with dry_run, list what would go',
    { 200: DeletionPlan.describe('Nothing was deleted.'), 204: null },
    [403, 409],
  ),
  params(Id),
  query(DeletionQuery),
  async (c) =>
    c.req.valid('query').dry_run === 'true'
      ? sendMade(c, await planUserDeletion(c.var.admin, c.req.valid('param').id))
      : sendWritten(c, await deleteUser(c.var.admin, c.req.valid('param').id)),
);

const ACTS = {
  verify: { summary: 'Hold a user’s address for proven', act: verify },
  'revoke-sessions': { summary: 'Sign a user out everywhere', act: revokeSessions },
  'allow-mail': { summary: 'Send mail again to a user’s address that had bounced', act: allowMail },
  restore: {
    summary: 'Bring a deleted account back, within 30 days, with the homes that went with it',
    act: bringBackUser,
  },
};

for (const [verb, { summary, act }] of Object.entries(ACTS)) {
  users.post(`/users/:id{[0-9]+}/${verb}`, endpoint(summary, { 200: AdminUser }, [403, 409]), params(Id), async (c) =>
    sendWritten(c, await act(c.var.admin, c.req.valid('param').id)),
  );
}

users.patch(
  '/users/:id{[0-9]+}/subscription',
  endpoint('Give or take pro', { 200: AdminUser }, [403, 409, 413]),
  params(Id),
  body(SubscriptionChange),
  async (c) => sendWritten(c, await setSubscription(c.var.admin, c.req.valid('param').id, c.req.valid('json'))),
);

import { Hono } from 'hono';
import { readAdminMe, readAdminSessions } from '../../../db/admin/sessions.ts';
import { AdminConfirmation, AdminMe, AdminSessions, AdminSessionsQuery } from '../../../domain/admin/account.ts';
import { confirmAdmin } from '../../../usecases/admin/confirm.ts';
import { endAdminSession, logoutAdmin } from '../../../usecases/admin/own-session.ts';
import { readAsAdmin } from '../../../usecases/ask-as-admin.ts';
import { dropSession } from '../../http/admin-line.ts';
import { sendMade, sendWritten } from '../../http/answer.ts';
import { body, endpoint, Id, params, query } from '../../http/contract.ts';
import type { AppEnv } from '../../http/env.ts';

/** One's own sessions; support has them too. */
export const ownSession = new Hono<AppEnv>({ strict: false });

ownSession.post('/logout', endpoint('End this session', { 204: null }, [403]), async (c) => {
  const done = await logoutAdmin(c.var.admin);
  dropSession(c);
  return sendWritten(c, done);
});

ownSession.get('/me', endpoint('Read who is signed in', { 200: AdminMe }), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, readAdminMe(c.var.admin.session))),
);

ownSession.post(
  '/confirm',
  endpoint('Show password and code once more, before what destroys', { 200: AdminMe }, [403, 413]),
  body(AdminConfirmation),
  async (c) => sendMade(c, await confirmAdmin(c.var.admin, c.req.valid('json'))),
);

ownSession.get(
  '/sessions',
  endpoint('List where you are signed in', { 200: AdminSessions }),
  query(AdminSessionsQuery),
  async (c) =>
    sendMade(c, await readAsAdmin(c.var.admin, readAdminSessions(c.var.admin.session, c.req.valid('query').limit))),
);

ownSession.delete(
  '/sessions/:id{[0-9]+}',
  endpoint('End a session of yours', { 204: null }, [403]),
  params(Id),
  async (c) => sendWritten(c, await endAdminSession(c.var.admin, c.req.valid('param').id)),
);

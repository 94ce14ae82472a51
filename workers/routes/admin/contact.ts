import { Hono } from 'hono';
import { contactKeys, contactMessages, oneContactKey, oneContactMessage } from '../../../db/admin/contact.ts';
import {
  ContactKey,
  ContactKeysQuery,
  ContactMessage,
  ContactMessagesQuery,
  MadeContactKey,
  NewContactKey,
} from '../../../domain/admin/contact.ts';
import { endContactKey, makeContactKey, settleMessage } from '../../../usecases/admin/contact.ts';
import { readAsAdmin } from '../../../usecases/ask-as-admin.ts';
import { list } from '../../http/admin-list.ts';
import { sendMade, sendWritten } from '../../http/answer.ts';
import { body, endpoint, Id, params } from '../../http/contract.ts';
import type { AppEnv } from '../../http/env.ts';

/** What the public writes, and what lets it. */
export const contact = new Hono<AppEnv>({ strict: false });

list(contact, '/contact-messages', 'List messages of the public', {
  row: ContactMessage,
  query: ContactMessagesQuery,
  source: contactMessages,
});

contact.get(
  '/contact-messages/:id{[0-9]+}',
  endpoint('Read a message', { 200: ContactMessage }),
  params(Id),
  async (c) => sendMade(c, await readAsAdmin(c.var.admin, oneContactMessage(c.req.valid('param').id))),
);

for (const [verb, status] of [
  ['answer', 'answered'],
  ['close', 'closed'],
] as const) {
  contact.post(
    `/contact-messages/:id{[0-9]+}/${verb}`,
    endpoint(
      verb === 'answer' ? 'Note that a message was answered' : 'Close a message',
      { 200: ContactMessage },
      [403, 409],
    ),
    params(Id),
    async (c) => sendWritten(c, await settleMessage(c.var.admin, c.req.valid('param').id, status)),
  );
}

list(contact, '/contact-keys', 'List what lets websites hand in messages', {
  row: ContactKey,
  query: ContactKeysQuery,
  source: contactKeys,
});

contact.get('/contact-keys/:id{[0-9]+}', endpoint('Read a key’s row', { 200: ContactKey }), params(Id), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, oneContactKey(c.req.valid('param').id))),
);

contact.post(
  '/contact-keys',
  endpoint('Make a key; it is shown this once', { 201: MadeContactKey }, [403, 413]),
  body(NewContactKey),
  async (c) => sendWritten(c, await makeContactKey(c.var.admin, c.req.valid('json'))),
);

contact.post(
  '/contact-keys/:id{[0-9]+}/revoke',
  endpoint('Revoke a key for good', { 200: ContactKey }, [403, 409]),
  params(Id),
  async (c) => sendWritten(c, await endContactKey(c.var.admin, c.req.valid('param').id)),
);

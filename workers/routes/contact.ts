import { type Context, Hono } from 'hono';
import { ContactReceived, NewContactMessage } from '../../domain/contact.ts';
import { receiveContact, type Sender } from '../../usecases/contact/receive.ts';
import { pagesForForms } from '../http/contact-page.ts';
import { bodyOrForm, endpoint } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

/** Above the sign-in line: a website shows its key, and our own page that it is ours. */
export const contact = new Hono<AppEnv>({ strict: false });

contact.post(
  '/',
  endpoint('Write to us', { 200: ContactReceived }, [401, 413, 415]),
  pagesForForms(),
  bodyOrForm(NewContactMessage),
  async (c) => c.json(await receiveContact(c.var.asking, senderOf(c), c.req.valid('json'), c.env.isHuman)),
);

/** Browsers say of themselves where a request comes from, and let no page say otherwise. */
function senderOf(c: Context<AppEnv>): Sender {
  const key = c.req.header('x-api-key');
  if (key !== undefined) return { key };
  const site = c.req.header('sec-fetch-site');
  const isOurs = site ? site === 'same-origin' : c.req.header('origin') === new URL(c.req.url).origin;
  return isOurs ? 'page' : null;
}

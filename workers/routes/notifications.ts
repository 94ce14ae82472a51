import { Hono } from 'hono';
import * as z from 'zod';
import { readDevices } from '../../db/devices.ts';
import { readNotifications, readUnreadCount } from '../../db/notification-lists.ts';
import { readPreferences } from '../../db/preferences.ts';
import { Device, NewDevice } from '../../domain/device.ts';
import { Notification, UnreadCount } from '../../domain/notification.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { Preferences, PreferencesReplacement } from '../../domain/preferences.ts';
import { Unsubscribed } from '../../domain/unsubscribe.ts';
import { read } from '../../usecases/ask.ts';
import { removeDevice } from '../../usecases/notifications/delete-device.ts';
import { readNotification } from '../../usecases/notifications/read.ts';
import { readAllNotifications } from '../../usecases/notifications/read-all.ts';
import { addDevice } from '../../usecases/notifications/register-device.ts';
import { replacePreferences } from '../../usecases/notifications/replace-preferences.ts';
import { unsubscribe } from '../../usecases/notifications/unsubscribe.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';
import { sendUnsubscribed } from '../http/unsubscribed.ts';

/** Above the sign-in line: the link is the key. What is sent with it (`List-Unsubscribe=One-Click`) says nothing more. */
export const unsubscribing = new Hono<AppEnv>({ strict: false });

const Link = z.object({ t: z.string().max(200).describe('What the link in a mail carries') });

unsubscribing.get(
  '/',
  endpoint('End the mails that a link came with; in a browser answers a page', { 200: Unsubscribed }, [404]),
  query(Link),
  async (c) => sendUnsubscribed(c, await unsubscribe(c.var.asking, c.req.valid('query').t)),
);

unsubscribing.post(
  '/',
  endpoint('End the mails that a link came with, as mail programs do it (RFC 8058)', { 200: Unsubscribed }, [404, 413]),
  query(Link),
  async (c) => sendUnsubscribed(c, await unsubscribe(c.var.asking, c.req.valid('query').t)),
);

/** Below it. */
export const notifications = new Hono<AppEnv>({ strict: false });

const Cursor = z.tuple([z.int().nonnegative()]);

notifications.get(
  '/',
  endpoint('List what you were told, the newest first', { 200: page(Notification) }),
  query(PageQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { limit, cursor } = c.req.valid('query');
    const [after] = readCursor(Cursor, cursor) ?? [null];
    return sendRead(c, await read(c.var.ctx, readNotifications(db, who, { limit, after }, known)));
  },
);

notifications.get('/unread-count', endpoint('Count what you have not read', { 200: UnreadCount }), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readUnreadCount(db, who, known)));
});

notifications.post(
  '/:id{[0-9]+}/read',
  endpoint('Mark a notification as read', { 200: Notification }, [403, 409, 412, 413, 422]),
  params(Id),
  async (c) => sendWritten(c, await readNotification(c.var.ctx, c.req.valid('param').id)),
);

notifications.post(
  '/mark-all-read',
  endpoint('Mark all notifications as read', { 200: UnreadCount }, [403, 409, 413, 422]),
  async (c) => sendWritten(c, await readAllNotifications(c.var.ctx)),
);

notifications.get('/preferences', endpoint('Read how you want to be told', { 200: Preferences }), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readPreferences(db, who, known)));
});

notifications.put(
  '/preferences',
  endpoint('Say how you want to be told', { 200: Preferences }, [403, 409, 412, 413, 415, 422]),
  body(PreferencesReplacement),
  async (c) => sendWritten(c, await replacePreferences(c.var.ctx, c.req.valid('json'))),
);

notifications.get(
  '/devices',
  endpoint('List the phones that you are told on', { 200: page(Device) }),
  query(PageQuery),
  async (c) => {
    const { db, who, known } = c.var.ctx;
    const { limit, cursor } = c.req.valid('query');
    const [after] = readCursor(Cursor, cursor) ?? [null];
    return sendRead(c, await read(c.var.ctx, readDevices(db, who, { limit, after }, known)));
  },
);

notifications.post(
  '/devices',
  endpoint('Be told on this phone, and nobody else on it', { 200: Device, 201: Device }, [403, 409, 413, 415, 422]),
  body(NewDevice),
  async (c) => sendWritten(c, await addDevice(c.var.ctx, c.req.valid('json'))),
);

notifications.delete(
  '/devices/:id{[0-9]+}',
  endpoint('Be told on a phone no more', { 204: null }, [403, 409, 412, 422]),
  params(Id),
  async (c) => sendWritten(c, await removeDevice(c.var.ctx, c.req.valid('param').id)),
);

import { Hono } from 'hono';
import * as z from 'zod';
import { CalendarFeed, NewCalendarFeed } from '../../domain/calendar.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { createFeed } from '../../usecases/calendars/create.ts';
import { listFeeds } from '../../usecases/calendars/list.ts';
import { readCalendar } from '../../usecases/calendars/read.ts';
import { revokeFeed } from '../../usecases/calendars/revoke.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';
import { tags } from '../http/sign-in.ts';

/** Above the sign-in line: the address is the key. */
export const calendar = new Hono<AppEnv>({ strict: false });

const CALENDAR_TYPE = 'text/calendar';
const Calendar = z.string().meta({ contentMediaType: CALENDAR_TYPE });
const Feed = z.object({ feed: z.string().max(70).describe('As the url of a feed ends: id, signature and .ics') });

calendar.get(
  '/:feed{[a-zA-Z0-9_.-]+[.]ics}',
  endpoint('Read tasks as a calendar', { 200: Calendar }),
  params(Feed),
  async (c) => {
    const known = tags(c.req.header('if-none-match') ?? '');
    const { body, etag } = await readCalendar(c.var.asking, c.req.valid('param').feed, known);
    c.header('cache-control', 'private, no-cache');
    c.header('etag', etag);
    return body === null ? c.body(null, 304) : c.body(body, 200, { 'content-type': `${CALENDAR_TYPE}; charset=utf-8` });
  },
);

/** Below it. */
export const calendarFeeds = new Hono<AppEnv>({ strict: false });

const Cursor = z.tuple([z.int().nonnegative()]);

calendarFeeds.get(
  '/',
  endpoint('List your calendar feeds', { 200: page(CalendarFeed) }),
  query(PageQuery),
  async (c) => {
    const { limit, cursor } = c.req.valid('query');
    const [after] = readCursor(Cursor, cursor) ?? [null];
    return sendRead(c, await listFeeds(c.var.ctx, { limit, after }));
  },
);

calendarFeeds.post(
  '/',
  endpoint('Make an address for a calendar to subscribe to', { 201: CalendarFeed }, [403, 404, 409, 413, 415, 422]),
  body(NewCalendarFeed),
  async (c) => sendWritten(c, await createFeed(c.var.ctx, c.req.valid('json'))),
);

calendarFeeds.delete(
  '/:id{[0-9]+}',
  endpoint('Revoke a calendar feed', { 204: null }, [403, 409, 412, 422]),
  params(Id),
  async (c) => sendWritten(c, await revokeFeed(c.var.ctx, c.req.valid('param').id)),
);

import ICAL from 'ical.js';
import { expect } from 'vitest';
import { CalendarFeed } from '../domain/calendar.ts';
import { addInterval } from '../domain/dates.ts';
import { NOW, type Person, TODAY, test, type World } from './home.ts';

const FEEDS = '/api/calendar/feeds/';

const makeFeed = async (world: World, by: Person, input?: object) => {
  const { body } = await world.send('POST', FEEDS, by, input);
  return { id: body.id as number, path: new URL(body.url).pathname };
};

/** The events of a calendar as an independent parser reads them. */
function eventsOf(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      date: event.startDate.toString(),
      is_whole_day: event.startDate.isDate,
      sequence: event.sequence,
      summary: event.summary,
      description: event.description,
      location: event.location,
      stamp: String(component.getFirstPropertyValue('dtstamp')),
    };
  });
}

test('a feed is made, listed, read without a token, and revoked', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const task = await world.task(owner, residence_id, { description: 'The blue one', due_date: '2026-03-10' });
  const made = await world.send('POST', FEEDS, member, { residence_id });
  expect(made.status).toBe(201);
  expect(CalendarFeed.strict().parse(made.body)).toMatchObject({ residence_id });
  expect(made.body.url).toMatch(/^https:\/\/api\.example\.com\/api\/calendar\/\d+\.[\w-]{43}\.ics$/);

  const listed = await world.send('GET', FEEDS, member);
  expect(listed.body).toEqual({ results: [made.body], next_cursor: null });
  const known = { headers: { 'if-none-match': listed.headers.get('etag') ?? '' } };
  expect((await world.send('GET', FEEDS, member, undefined, known)).status).toBe(304);
  expect((await world.send('GET', FEEDS, owner)).body.results).toEqual([]);

  const { pathname } = new URL(made.body.url);
  const read = await world.send('GET', pathname, null);
  expect([read.status, read.headers.get('content-type'), read.headers.get('cache-control')]).toEqual([
    200,
    'text/calendar; charset=utf-8',
    'private, no-cache',
  ]);
  expect(eventsOf(read.text)).toEqual([
    {
      uid: `task-${task.id}@honeydue.app`,
      date: '2026-03-10',
      is_whole_day: true,
      sequence: 1,
      summary: 'Change the filter',
      description: 'The blue one',
      location: 'Maple House',
      stamp: task.updated_at.replace(/\.\d+/, ''),
    },
  ]);

  expect((await world.send('DELETE', `${FEEDS}${made.body.id}/`, member)).status).toBe(204);
  const gone = await world.send('GET', pathname, null);
  expect([gone.status, gone.body.code]).toEqual([404, 'not_found']);
  expect((await world.send('DELETE', `${FEEDS}${made.body.id}/`, member)).status).toBe(404);
  const facts = await world.rows(`select event from outbox where event->>'type' like 'calendar.%' order by id`);
  const about = { user_id: member.user_id, feed_id: made.body.id };
  expect(facts.map(({ event }) => event)).toEqual([
    { type: 'calendar.created', ...about },
    { type: 'calendar.revoked', ...about },
  ]);
});

test('made again with the same key it is the same feed at the same address', async ({ world }) => {
  const { owner } = await world.home();
  const keyed = { headers: { 'idempotency-key': 'feed' } };
  const [first, second] = [
    await world.send('POST', FEEDS, owner, {}, keyed),
    await world.send('POST', FEEDS, owner, {}, keyed),
  ];
  expect([second.status, second.text]).toEqual([201, first.text]);
  expect((await world.send('GET', FEEDS, owner)).body.results).toHaveLength(1);
});

test('the same tasks are the same bytes and 304; a changed task is another sequence', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { due_date: '2026-03-10' });
  const { path } = await makeFeed(world, owner);
  const first = await world.send('GET', path, null);
  const later = { now: () => '2026-03-07T18:00:00.000Z' };
  expect((await world.send('GET', path, null, undefined, { ports: later })).text).toBe(first.text);
  const known = { headers: { 'if-none-match': `W/${first.headers.get('etag')}` } };
  const same = await world.send('GET', path, null, undefined, known);
  expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', first.headers.get('etag')]);
  await world.send('PATCH', `/api/tasks/${id}/`, owner, { title: 'Another' });
  const changed = await world.send('GET', path, null, undefined, known);
  expect(changed.status).toBe(200);
  expect(eventsOf(changed.text)).toMatchObject([
    { uid: `task-${id}@honeydue.app`, summary: 'Another', sequence: 2, date: '2026-03-10' },
  ]);
});

test('an address that was not signed, or not for it, leads nowhere, and so does one whose keys are gone', async ({
  world,
}) => {
  const { owner } = await world.home();
  const { id, path } = await makeFeed(world, owner);
  const other = await makeFeed(world, owner);
  const signature = path.split('.')[1] ?? '';
  const turned = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
  const misfits = [
    `${id}.${turned}.ics`,
    `${other.id}.${signature}.ics`,
    `0${id}.${signature}.ics`,
    `999999.${signature}.ics`,
    `99999999999999999999.${signature}.ics`,
    `${id}..ics`,
    `${id}.ics`,
    '.ics',
  ];
  const missing = await world.send('GET', '/api/calendar/nothing.ics', null);
  for (const name of misfits) {
    const { status, body } = await world.send('GET', `/api/calendar/${name}`, null);
    expect([status, { ...body, request_id: '' }], name).toEqual([404, { ...missing.body, request_id: '' }]);
  }

  const { settings } = world.ports;
  const [old] = settings.signing_keys;
  const keys = (...signing_keys: [string, ...string[]]) => ({ ports: { settings: { ...settings, signing_keys } } });
  expect((await world.send('GET', path, null, undefined, keys('the next key', old))).status).toBe(200);
  expect((await world.send('GET', path, null, undefined, keys('the next key'))).status).toBe(404);
});

test('it ends with the membership and with the account', async ({ world }) => {
  const { member, owner, residence_id } = await world.home();
  await world.task(owner, residence_id, { due_date: '2026-03-10' });
  const [one, all] = [await makeFeed(world, member, { residence_id }), await makeFeed(world, member)];
  const read = async ({ path }: { path: string }) => {
    const { status, text } = await world.send('GET', path, null);
    return [status, status === 200 ? eventsOf(text).length : 0];
  };
  expect([await read(one), await read(all)]).toEqual([
    [200, 1],
    [200, 1],
  ]);
  await world.rows('delete from residence_residence_users where user_id = $1', [member.user_id]);
  expect([await read(one), await read(all)]).toEqual([
    [404, 0],
    [200, 0],
  ]);
  const mine = await makeFeed(world, owner, { residence_id });
  await world.rows('update residence_residence set deleted_at = now() where id = $1', [residence_id]);
  expect(await read(mine)).toEqual([404, 0]);
  await world.rows('update residence_residence set deleted_at = null where id = $1', [residence_id]);
  expect(await read(mine)).toEqual([200, 1]);
  await world.rows('update auth_user set deleted_at = now() where id = any ($1)', [[member.user_id, owner.user_id]]);
  expect([await read(mine), await read(all)]).toEqual([
    [404, 0],
    [404, 0],
  ]);
});

test('nobody makes a feed of a home that they do not see', async ({ world }) => {
  const { stranger, viewer, residence_id } = await world.home();
  expect((await world.send('POST', FEEDS, stranger, { residence_id })).status).toBe(404);
  expect((await world.send('POST', FEEDS, viewer, { residence_id })).status).toBe(201);
  expect(await world.rows('select count(*)::int n from calendar_feed')).toEqual([{ n: 1 }]);
});

test('shows the open occurrence of what is active, and what a fixed schedule brings in 90 days', async ({ world }) => {
  const { owner, residence_id, elsewhere } = await world.home();
  const make = (title: string, more: object) => world.task(owner, residence_id, { title, ...more });
  await make('overdue', { due_date: '2026-02-01' });
  await make('recurring', { frequency_id: 3, due_date: '2026-03-09' });
  await make('undated', {});
  await make('monthly', { frequency_id: 5, schedule: 'fixed', due_date: '2026-01-31' });
  await make('daily', { frequency_id: 2, schedule: 'fixed', due_date: TODAY });
  const cancelled = await make('cancelled', { due_date: '2026-03-20' });
  await world.send('POST', `/api/tasks/${cancelled.id}/cancel/`, owner);
  const done = await make('done', { due_date: '2026-03-20' });
  await world.send('POST', '/api/task-completions/', owner, { task_id: done.id, completed_at: NOW });
  await world.rows(`insert into task_task (residence_id, title, due_date) values ($1, 'of others', '2026-03-20')`, [
    elsewhere,
  ]);

  const { path } = await makeFeed(world, owner);
  const events = eventsOf((await world.send('GET', path, null)).text);
  const dates = (title: string) => events.filter(({ summary }) => summary === title).map(({ date }) => date);
  expect(new Set(events.map(({ summary }) => summary))).toEqual(new Set(['overdue', 'recurring', 'monthly', 'daily']));
  expect(dates('overdue')).toEqual(['2026-02-01']);
  expect(dates('recurring')).toEqual(['2026-03-09']);
  expect(dates('monthly')).toEqual(['2026-01-31', '2026-03-31', '2026-04-30', '2026-05-31']);
  expect(dates('daily')).toEqual(Array.from({ length: 91 }, (_, n) => addInterval(TODAY, n, 'day')));
  expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length);
  expect(events.find(({ date, summary }) => summary === 'monthly' && date === '2026-03-31')?.uid).toMatch(
    /^task-\d+-2026-03-31@honeydue\.app$/,
  );
});

test('the day is that of the profile’s zone', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const task = { frequency_id: 2, schedule: 'fixed', due_date: '2026-03-01' };
  await world.task(owner, residence_id, task);
  const { path } = await makeFeed(world, owner);
  const next = async () => eventsOf((await world.send('GET', path, null)).text)[1]?.date;
  expect(await next()).toBe('2026-03-08');
  await world.rows(`update auth_user set timezone = 'Pacific/Kiritimati' where id = $1`, [owner.user_id]);
  expect(await next()).toBe('2026-03-09');
});

test('whatever a title holds, a parser reads it back; no line is longer than 75 octets', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const title = `a,b;c\\d "q" \\n END:VEVENT ${'é😀'.repeat(80)}`.slice(0, 200);
  const description = 'one\ntwo\r\nBEGIN:VEVENT\n\ttabbed\u0007\u001b';
  await world.task(owner, residence_id, { title, description, due_date: '2026-03-10' });
  const { path } = await makeFeed(world, owner);
  const { text } = await world.send('GET', path, null);
  expect(eventsOf(text)).toMatchObject([{ summary: title, description: 'one\ntwo\nBEGIN:VEVENT\n\ttabbed' }]);
  const lines = text.split('\r\n');
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  expect(lines.filter((line) => /[\n\r]/.test(line))).toEqual([]);
  expect(text).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\nPRODID:-\/\/honeyDue\/\/Tasks\/\/EN\r\n/);
  expect(text).not.toMatch(/VTIMEZONE|METHOD/);
});

test('a feed of very many tasks ends with the earliest 1,000, and 2,000 events', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.rows(
    `insert into task_task (residence_id, title, due_date, next_due_date, anchor_date, frequency_id, schedule)
     select $1, 'T' || n, d, d, d, 2, 'fixed' from (select n, date '2026-01-01' + n as d from generate_series(1, 1100) n) x`,
    [residence_id],
  );
  const { path } = await makeFeed(world, owner);
  const before = world.trips.length;
  const events = eventsOf((await world.send('GET', path, null)).text);
  expect(world.trips.length - before).toBe(1);
  expect(events).toHaveLength(2000);
  expect(events.slice(0, 1000).map(({ summary }) => summary)).toEqual(
    Array.from({ length: 1000 }, (_, n) => `T${n + 1}`),
  );
});

test('lists feeds page by page', async ({ world }) => {
  const { owner } = await world.home();
  const made: number[] = [];
  for (let n = 0; n < 5; n += 1) made.push((await makeFeed(world, owner)).id);
  const seen: number[] = [];
  let cursor = '';
  do {
    const { body } = await world.send('GET', `${FEEDS}?limit=2${cursor && `&cursor=${cursor}`}`, owner);
    seen.push(...body.results.map(({ id }: { id: number }) => id));
    cursor = body.next_cursor;
  } while (cursor);
  expect(seen).toEqual(made);
});

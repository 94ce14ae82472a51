import { expect, vi } from 'vitest';
import { readUnlessKept } from '../../db/kept-board.ts';
import type { Cache } from '../../domain/cache.ts';
import { sha256 } from '../../domain/session.ts';
import { NOW, type Person, testTogether as test, type World } from '../home.ts';
import { parts } from '../plan.ts';
import { type Cached, keptIn, withCache } from './cached.ts';

let made: Cached | undefined;
const withRedis = async (world: World): Promise<Cached> => {
  made ??= await withCache(world);
  return made;
};

type Asked = { path?: string; headers?: Record<string, string>; now?: string };

/** Asks where Redis is near, and compares with what the database alone answers; always in one trip. Answers what Redis did. */
async function look(world: World, by: Person, { path = '/api/tasks/', headers = {}, now }: Asked = {}) {
  const { cache } = await withRedis(world);
  const ports = { cache, ...(now && { now: () => now }) };
  const sent = { ...headers, 'x-request-id': 'one-and-the-same' };
  const before = world.trips.length;
  const got = await world.send('GET', path, by, undefined, { headers: sent, ports });
  expect(world.trips.length - before).toBe(1);
  const truth = await world.send('GET', path, by, undefined, {
    headers: sent,
    ports: { ...ports, cache: undefined },
  });
  const said = ({ status, text, headers }: typeof got) => [status, text, headers.get('etag')];
  expect(said(got)).toEqual(said(truth));
  return keptIn(got.headers);
}

/** Whose session it is, which epoch there is, and then the board: each is learnt by one request. */
async function fill(world: World, by: Person, asked?: Asked): Promise<void> {
  await look(world, by, asked);
  await look(world, by, asked);
  expect(await look(world, by, asked)).toBe('hit');
}

const bells = (world: World) => world.rung.splice(0).flatMap((ids) => ids.map((event_id) => ({ event_id })));

test('a board comes from Redis while nothing has moved, each under the name of what was asked', async ({ world }) => {
  const { boardsOf, ask } = await withRedis(world);
  const { owner, member, stranger, residence_id, elsewhere } = await world.home();
  await world.task(owner, residence_id, { title: 'Bleed the “radiators”' });
  expect([await look(world, owner), await look(world, owner), await look(world, owner)]).toEqual([
    'miss',
    'miss',
    'hit',
  ]);
  expect(await boardsOf(owner)).toHaveLength(1);
  const others = [
    { path: '/api/tasks/?days=7' },
    { path: '/api/tasks/?include=cancelled' },
    { path: `/api/tasks/?residence_id=${residence_id}` },
    { headers: { 'x-timezone': 'Asia/Tokyo' } },
  ];
  for (const asked of others) {
    await look(world, owner, asked);
    expect(await look(world, owner, asked)).toBe('hit');
  }
  expect(await look(world, owner, { path: `/api/tasks/by-residence/${residence_id}/` })).toBe('hit');
  expect(await boardsOf(owner)).toHaveLength(5);
  expect(await ask('TTL', `board:${owner.user_id}`)).toBeLessThanOrEqual(300);
  expect([await look(world, member), await look(world, stranger)]).toEqual(['miss', 'miss']);
  // What is nobody's to see is kept for nobody.
  expect(await look(world, owner, { path: `/api/tasks/by-residence/${elsewhere}/` })).toBeUndefined();
});

test('304 follows from what Redis keeps as it follows from the database', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await fill(world, owner);
  const { headers } = await world.send('GET', '/api/tasks/', owner, undefined, { ports: { cache: undefined } });
  const known = { headers: { 'if-none-match': `W/${headers.get('etag')}` } };
  expect(await look(world, owner, known)).toBe('hit');
  expect((await world.send('GET', '/api/tasks/', owner, undefined, known)).status).toBe(304);
  await world.task(owner, residence_id);
  // Kept again by an answer without a body.
  expect(await look(world, owner, known)).toBe('miss');
  expect(await look(world, owner)).toBe('hit');
});

test('no write is ever missed, not the reader’s own, nor another’s at the edge, with every event lost', async ({
  world,
}) => {
  const { owner, member, residence_id } = await world.home();
  const atTheEdge = { ports: { cache: undefined } };
  const send = async (method: string, path: string, by: Person, input?: object) =>
    expect((await world.send(method, path, by, input, atTheEdge)).status).toBeLessThan(300);
  const { id } = await world.task(owner, residence_id, { frequency_id: 3 });
  const home = `/api/residences/${residence_id}`;
  const writes: (() => Promise<unknown>)[] = [
    () => world.task(owner, residence_id),
    () => world.task(member, residence_id),
    () => send('PATCH', `/api/tasks/${id}/`, member, { title: 'Other words' }),
    () => send('POST', `/api/tasks/${id}/mark-in-progress/`, owner),
    () => send('POST', '/api/task-completions/', member, { task_id: id, completed_at: NOW }),
    () => send('POST', `/api/tasks/${id}/skip/`, owner),
    () => send('DELETE', `/api/tasks/${id}/`, member),
    () => send('PATCH', '/api/auth/me/', owner, { timezone: 'Pacific/Kiritimati' }),
    () => world.rows(`update task_taskpriority set color = '#123456' where id = 1`),
    () => send('DELETE', `${home}/users/${member.user_id}/`, owner),
    () => send('DELETE', `${home}/`, owner),
    () => send('POST', `${home}/restore/`, owner),
  ];
  await fill(world, owner);
  await fill(world, member);
  for (const write of writes) {
    expect(await look(world, owner)).toBe('hit');
    await write();
    await look(world, owner);
    await look(world, member);
  }
  expect(await look(world, member)).toBe('hit');
});

test('at midnight where the reader is, it is another board', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.task(owner, residence_id, { due_date: '2026-03-07' });
  const asked = { headers: { 'x-timezone': 'America/Chicago' } };
  await fill(world, owner, { ...asked, now: '2026-03-08T05:59:59.999Z' });
  expect(await look(world, owner, { ...asked, now: '2026-03-08T06:00:00.000Z' })).toBe('miss');
  expect(await look(world, owner, { ...asked, now: '2026-03-08T06:00:00.001Z' })).toBe('hit');
});

test('a session that has ended is refused at once', async ({ world }) => {
  const { owner } = await world.home();
  await fill(world, owner);
  await world.rows('delete from user_authtoken where user_id = $1', [owner.user_id]);
  await look(world, owner);
  expect((await world.send('GET', '/api/tasks/', owner)).status).toBe(401);
});

test('what follows from an event takes the boards of all who see the home', async ({ world }) => {
  const { boardsOf } = await withRedis(world);
  const { owner, member, viewer, stranger, residence_id } = await world.home();
  const all = [owner, member, viewer, stranger];
  for (const each of all) await fill(world, each);
  bells(world);
  await world.task(member, residence_id);
  await world.deliver(bells(world));
  expect(await Promise.all(all.map(boardsOf))).toEqual([[], [], [], [expect.any(String)]]);
});

test('a fill that comes late brings nothing back, whatever happens between its read and itself', async ({ world }) => {
  const { cache, boardsOf } = await withRedis(world);
  const { owner, member, residence_id } = await world.home();
  await look(world, owner);
  const held: Parameters<Cache['boards']['fill']>[] = [];
  const late = {
    ...cache,
    boards: { ...cache.boards, fill: async (...about: (typeof held)[number]) => void held.push(about) },
  };
  const { text } = await world.send('GET', '/api/tasks/', owner, undefined, { ports: { cache: late } });
  bells(world);
  const { title } = await world.task(member, residence_id, { title: 'Behind its back' });
  await world.deliver(bells(world));
  expect(text).not.toContain(title);
  expect(held).toHaveLength(1);
  for (const about of held) await cache.boards.fill(...about);
  expect(await boardsOf(owner)).toEqual([]);
  expect(await look(world, owner)).toBe('miss');
  // And if Redis had not been told of the change: what it keeps is compared with the database.
  const deaf = { ...cache, boards: { ...cache.boards, raise: async () => true } };
  await fill(world, owner);
  await world.task(member, residence_id);
  world.ports.cache = deaf;
  await world.deliver(bells(world));
  world.ports.cache = cache;
  expect(await boardsOf(owner)).toHaveLength(1);
  expect(await look(world, owner)).toBe('miss');
});

test('what Redis keeps and is no board is taken for none', async ({ world }) => {
  const { ask, boardsOf } = await withRedis(world);
  const { owner } = await world.home();
  await fill(world, owner);
  const [name = ''] = await boardsOf(owner);
  for (const text of ['', 'x', 'a\nb', 'stamp\n"e"\n']) {
    await ask('HSET', `board:${owner.user_id}`, name, text);
    expect(await look(world, owner)).toBe('miss');
  }
});

test('a board that is kept is not made', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.task(owner, residence_id);
  const who = { digest: sha256(owner.token), zone: null, now: NOW };
  const query = { days: 30, columns: ['overdue_tasks' as const], residence_id: null };
  const { sql, params } = readUnlessKept(world.ports.db, who, query, null).getQuery();
  const [{ stamp }] = await world.rows(sql, params);
  const loopsOver = async (kept: string | null) => {
    const asked = readUnlessKept(world.ports.db, who, query, kept).getQuery();
    const [explained] = await world.rows(`explain (analyze, format json) ${asked.sql}`, asked.params);
    const scans = parts(explained['QUERY PLAN'][0].Plan).filter((part) => part['Relation Name'] === 'task_task');
    expect(scans).not.toEqual([]);
    return scans.reduce((sum, scan) => sum + scan['Actual Loops'], 0);
  };
  expect(await loopsOver('another stamp')).toBeGreaterThan(0);
  expect(await loopsOver(stamp)).toBe(0);
});

test('at the edge Redis is asked nothing before an answer', async ({ world }) => {
  const { cache } = await withRedis(world);
  const { owner } = await world.home();
  const far = { ...cache, is_near: false, boards: { ...cache.boards, find: vi.fn() } };
  const { status, headers } = await world.send('GET', '/api/tasks/', owner, undefined, { ports: { cache: far } });
  expect([status, keptIn(headers)]).toEqual([200, undefined]);
  expect(far.boards.find).not.toHaveBeenCalled();
});

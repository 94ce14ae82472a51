import { expect } from 'vitest';
import { connect } from '../../db/client.ts';
import type { Cache } from '../../domain/cache.ts';
import type { Event } from '../../domain/event.ts';
import type { Ports } from '../../usecases/ports.ts';
import { KEPT_READS } from '../../workers/http/last-good.ts';
import { addEvents, consumed, statesOf } from '../consumer.ts';
import { type Person, testTogether as test, type World } from '../home.ts';
import { operations } from '../operations.ts';
import { type Cached, withCache } from './cached.ts';

let made: Cached | undefined;
const withRedis = async (world: World): Promise<Cached> => {
  made ??= await withCache(world);
  return made;
};

const LATER = '2026-03-07T15:05:00.000Z';
/** Nobody listens there. */
const away = { db: connect('postgresql://honeydue_app:app@127.0.0.1:1/away'), now: () => LATER };

const read = (world: World, by: Person, path: string, headers = {}) =>
  world.send('GET', path, by, undefined, { headers });
const readAway = async (world: World, by: Person, path: string, headers = {}, more = {}) => {
  await withRedis(world);
  return await world.send('GET', path, by, undefined, { headers, ports: { ...away, ...more } });
};
const marksOf = ({ headers }: { headers: Headers }) => [headers.get('x-served-stale'), headers.get('age')];
const bells = (world: World) => world.rung.splice(0).flatMap((ids) => ids.map((event_id) => ({ event_id })));

test('with no database to be reached each of the reads of the list is answered as it was, and says so', async ({
  world,
}) => {
  await withRedis(world);
  const { owner, residence_id } = await world.home();
  await world.task(owner, residence_id);
  const known = operations().filter(({ method, isPublic }) => method === 'GET' && !isPublic);
  for (const pattern of KEPT_READS) {
    expect(known.map(({ path }) => path.replace(/\/$/, ''))).toContain(pattern);
    const path = `${pattern.replace(':id{[0-9]+}', `${residence_id}`)}/`;
    const good = await read(world, owner, path);
    expect(good.status, path).toBe(200);
    const kept = await readAway(world, owner, path);
    expect([kept.status, kept.text, kept.headers.get('etag')], path).toEqual([
      200,
      good.text,
      good.headers.get('etag'),
    ]);
    expect(marksOf(kept)).toEqual(['true', '300']);
    expect(Object.fromEntries(kept.headers)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'private, no-cache',
      vary: expect.stringContaining('Authorization'),
      'x-content-type-options': 'nosniff',
    });
    expect(kept.headers.get('retry-after')).toBeNull();
  }
});

test('everything else is honest: other reads, writes, and what was never read', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id);
  await read(world, owner, '/api/tasks/');
  await read(world, owner, `/api/tasks/${id}/`);
  const unread = ['/api/residences/', '/api/tasks/?days=7', `/api/tasks/${id}/`, '/api/changes/', '/api/search/?q=a'];
  const input = { residence_id, title: 'In vain' };
  const answers = [
    ...(await Promise.all(unread.map((path) => readAway(world, owner, path)))),
    await readAway(world, owner, '/api/tasks/', { 'x-timezone': 'Asia/Tokyo' }),
    await world.send('POST', '/api/tasks/', owner, input, { ports: away }),
    await world.send('DELETE', `/api/tasks/${id}/`, owner, undefined, { ports: away }),
  ];
  for (const { status, body, headers } of answers) {
    expect([status, body.code, headers.get('x-served-stale')]).toEqual([503, 'database_unavailable', null]);
    expect(headers.get('retry-after')).not.toBeNull();
  }
});

test('who has the copy is told so, and one that was asked for again is no older than that', async ({ world }) => {
  const { owner } = await world.home();
  const { headers } = await read(world, owner, '/api/residences/');
  const known = { 'if-none-match': headers.get('etag') ?? '' };
  const kept = await readAway(world, owner, '/api/residences/', known);
  expect([kept.status, kept.text, ...marksOf(kept)]).toEqual([304, '', 'true', '300']);
  const again = { headers: known, ports: { now: () => '2026-03-07T15:04:00.000Z' } };
  expect((await world.send('GET', '/api/residences/', owner, undefined, again)).status).toBe(304);
  expect(marksOf(await readAway(world, owner, '/api/residences/'))).toEqual(['true', '60']);
});

test('only a session that was seen in the last 15 minutes is answered', async ({ world }) => {
  const { ask, sessionOf } = await withRedis(world);
  const { owner, member } = await world.home();
  await read(world, owner, '/api/tasks/');
  expect((await readAway(world, member, '/api/tasks/')).status).toBe(503);
  expect((await readAway(world, { ...owner, token: `${owner.token}x` }, '/api/tasks/')).status).toBe(503);
  expect(await ask('TTL', sessionOf(owner))).toSatisfy((s: number) => s > 880 && s <= 900);
  await ask('EXPIRE', sessionOf(owner), 0); // as after 15 minutes
  expect((await readAway(world, owner, '/api/tasks/')).status).toBe(503);
  await read(world, owner, '/api/tasks/');
  expect((await readAway(world, owner, '/api/tasks/')).status).toBe(200);
});

test('a database that answers is never overruled', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const path = `/api/tasks/by-residence/${residence_id}/`;
  for (const each of [owner, member]) expect((await read(world, each, path)).status).toBe(200);
  await world.rows('delete from residence_residence_users where user_id = $1', [member.user_id]);
  expect((await read(world, member, path)).status).toBe(404);
  await world.rows('delete from user_authtoken where user_id = $1', [member.user_id]);
  expect((await read(world, member, path)).status).toBe(401);
  const failing = (error: Error) => ({
    db: Object.assign(Object.create(world.ports.db), { batch: () => Promise.reject(error) }),
  });
  const sql = (code: string) => Object.assign(new Error('-'), { code });
  const statuses = [];
  for (const code of ['42P01', '57014', '23505', '55P03']) {
    statuses.push((await readAway(world, owner, path, {}, failing(sql(code)))).status);
  }
  expect(statuses).toEqual([503, 503, 500, 409]);
  expect((await readAway(world, owner, path, {}, failing(sql('57P01')))).status).toBe(200);
});

test('what ends somebody’s session or home is followed by what Redis kept of it', async ({ world }) => {
  await withRedis(world);
  const password = 'correct horse battery';
  const hash = await world.ports.passwords.hash(password);
  const ends: Record<string, (home: Awaited<ReturnType<World['home']>>) => Promise<unknown>> = {
    logout: ({ member }) => world.send('POST', '/api/auth/logout/', member),
    'logout-all': ({ member }) => world.send('POST', '/api/auth/logout-all/', member),
    'another device': async ({ member }) => {
      const [{ id }] = await world.rows('select id::int from user_authtoken where user_id = $1', [member.user_id]);
      return await world.send('DELETE', `/api/auth/sessions/${id}/`, member);
    },
    'the account': async ({ member }) => {
      await world.rows('update auth_user set password_hash = $2 where id = $1', [member.user_id, hash]);
      return await world.send('DELETE', '/api/auth/account/', member, { password });
    },
    removed: ({ owner, member, residence_id }) =>
      world.send('DELETE', `/api/residences/${residence_id}/users/${member.user_id}/`, owner),
    left: ({ member, residence_id }) => world.send('POST', `/api/residences/${residence_id}/leave/`, member),
    'the home': ({ owner, residence_id }) => world.send('DELETE', `/api/residences/${residence_id}/`, owner),
  };
  for (const [name, end] of Object.entries(ends)) {
    const home = await world.home();
    const { member, stranger, residence_id } = home;
    const path = `/api/tasks/by-residence/${residence_id}/`;
    await read(world, member, path);
    await read(world, stranger, '/api/tasks/');
    expect((await readAway(world, member, path)).status, name).toBe(200);
    bells(world);
    expect(((await end(home)) as { status: number }).status, name).toBe(204);
    await world.deliver(bells(world));
    expect((await readAway(world, member, path)).status, name).toBe(503);
    expect((await readAway(world, stranger, '/api/tasks/')).status, name).toBe(200);
  }
});

test('whose homes went with an account lose their copies with it, and a changed password ends what was seen', async ({
  world,
}) => {
  await withRedis(world);
  const { owner, viewer } = await world.home();
  for (const each of [owner, viewer]) await read(world, each, '/api/residences/');
  const consume = async (event: Event) => {
    const [id = 0] = await addEvents(world, [event]);
    await consumed(world, [id], { jobs: { [event.type]: {} } });
  };
  await consume({ type: 'user.password_changed', user_id: owner.user_id });
  const statuses = async () => [
    (await readAway(world, owner, '/api/residences/')).status,
    (await readAway(world, viewer, '/api/residences/')).status,
  ];
  expect(await statuses()).toEqual([503, 200]);
  await consume({ type: 'user.deleted', user_id: owner.user_id });
  expect(await statuses()).toEqual([503, 503]);
});

test('what Redis did not hear it is told later, and nothing else waits for that', async ({ world }) => {
  const { cache } = await withRedis(world);
  const { member, residence_id } = await world.home();
  await read(world, member, '/api/tasks/');
  const { user_id } = member;
  const deaf = { ...cache, copies: { ...cache.copies, forget: async () => false } };
  const [left = 0] = await addEvents(world, [{ type: 'member.left', residence_id, user_id }]);
  expect(await consumed(world, [left], { worker: { cache: deaf } })).toEqual(['ack']);
  expect(await statesOf(world, [left])).toMatchObject([{ state: 'done' }]);
  const find = `select id::int from outbox where event = jsonb_build_object('type', 'copies.outdated', 'user_ids', $1::bigint[])
    and queue = 'maintenance' and run_at > now()`;
  const [{ id }] = await world.rows(find, [[user_id]]);
  const due = () => world.rows('update outbox set run_at = now() where id = $1', [id]);
  await due();
  await consumed(world, [id], { worker: { cache: deaf } });
  expect(await statesOf(world, [id])).toMatchObject([{ state: 'later', error: 'Error: Redis is away.' }]);
  expect((await readAway(world, member, '/api/tasks/')).status).toBe(200);
  await due();
  await consumed(world, [id]);
  expect(await statesOf(world, [id])).toMatchObject([{ state: 'done' }]);
  expect((await readAway(world, member, '/api/tasks/')).status).toBe(503);
});

test('the edge keeps copies and answers none: the origin does', async ({ world }) => {
  const { cache } = await withRedis(world);
  const { owner } = await world.home();
  const far = { cache: { ...cache, is_near: false } };
  await world.send('GET', '/api/tasks/', owner, undefined, { ports: far });
  expect((await readAway(world, owner, '/api/tasks/', {}, far)).status).toBe(503);
  expect((await readAway(world, owner, '/api/tasks/')).status).toBe(200);
});

test('readiness says how the cache is, and is never down because of it', async ({ world }) => {
  const { cache } = await withRedis(world);
  const ready = async (ports: Partial<Ports>) => {
    const { status, body } = await world.send('GET', '/api/health/ready/', null, undefined, { ports });
    return [status, body.status, body.parts.cache.state];
  };
  const down: Cache = { ...cache, check: async () => ({ state: 'down', latency_ms: null }) };
  expect(await ready({})).toEqual([200, 'ok', 'ok']);
  expect(await ready({ cache: undefined })).toEqual([200, 'ok', 'absent']);
  expect(await ready({ cache: down })).toEqual([200, 'degraded', 'down']);
  expect(await ready(away)).toEqual([503, 'down', 'ok']);
});

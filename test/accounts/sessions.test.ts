import { expect } from 'vitest';
import { Session } from '../../domain/session.ts';
import { test } from '../home.ts';
import { from, PASSWORD, register, registerVerified } from './somebody.ts';

test('lists where one is signed in, and signs a device out', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const input = { username: 'ann', password: PASSWORD, device_name: 'Ann’s phone' };
  const headers = { 'user-agent': 'honeyDue/3.2 (iOS)' };
  const phone = {
    ...ann,
    ...(await world.send('POST', '/api/auth/login/', null, input, { headers, ...from('192.0.2.9') })).body,
  };
  const { body } = await world.send('GET', '/api/auth/sessions/', ann);
  const [newest, first] = body.results.map((session: unknown) => Session.strict().parse(session));
  expect(newest).toMatchObject({
    device_name: 'Ann’s phone',
    ip: '192.0.2.9',
    user_agent: 'honeyDue/3.2 (iOS)',
    is_current: false,
  });
  expect(first).toMatchObject({ device_name: null, ip: '198.51.100.1', is_current: true });
  expect(JSON.stringify(body)).not.toMatch(/digest|hd_/);

  expect((await world.send('DELETE', `/api/auth/sessions/${newest.id}/`, ann)).status).toBe(204);
  expect((await world.send('GET', '/api/auth/me/', phone)).status).toBe(401);
  expect((await world.send('DELETE', `/api/auth/sessions/${newest.id}/`, ann)).status).toBe(404);
  expect((await world.send('DELETE', `/api/auth/sessions/${first.id}/`, ann)).status).toBe(204);
  expect((await world.send('GET', '/api/auth/me/', ann)).status).toBe(401);
});

test('somebody else’s session does not exist, nor one that has run out', async ({ world }) => {
  const [ann, bob] = [await registerVerified(world, 'ann'), await register(world, 'bob')];
  const [{ id }] = await world.rows('select id::int from user_authtoken where user_id = $1', [bob.user_id]);
  expect((await world.send('DELETE', `/api/auth/sessions/${id}/`, ann)).status).toBe(404);
  expect((await world.send('GET', '/api/auth/me/', bob)).status).toBe(200);
  await world.rows(
    `insert into user_authtoken (user_id, digest, last_used_at) values ($1, 'old', now() - interval '181 days')`,
    [ann.user_id],
  );
  expect((await world.send('GET', '/api/auth/sessions/', ann)).body.results).toHaveLength(1);
});

test('the list comes in pages', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  for (let n = 0; n < 4; n += 1) {
    await world.rows('insert into user_authtoken (user_id, digest) values ($1, $2)', [ann.user_id, `d${n}`]);
  }
  const ids: number[] = [];
  let cursor = '';
  do {
    const { body } = await world.send('GET', `/api/auth/sessions/?limit=2${cursor && `&cursor=${cursor}`}`, ann);
    ids.push(...body.results.map(({ id }: { id: number }) => id));
    cursor = body.next_cursor;
  } while (cursor);
  expect(ids).toHaveLength(5);
  expect(ids).toEqual(ids.toSorted((a, b) => b - a));
});

test('signing out everywhere ends this session too; sent again it is answered 401, key or not', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const other = await register(world, 'bob');
  const keyed = { headers: { 'idempotency-key': 'out' } };
  expect((await world.send('POST', '/api/auth/logout-all/', ann, undefined, keyed)).status).toBe(204);
  expect((await world.send('POST', '/api/auth/logout-all/', ann, undefined, keyed)).status).toBe(401);
  expect((await world.send('GET', '/api/auth/me/', other)).status).toBe(200);
  expect(await world.rows('select user_id::int from user_authtoken')).toEqual([{ user_id: other.user_id }]);
});

test('a token that came with older data, without a prefix, still signs in', async ({ world }) => {
  const ann = await registerVerified(world, 'ann');
  const token = 'a'.repeat(40);
  const { sha256 } = await import('../../domain/session.ts');
  await world.rows('insert into user_authtoken (user_id, digest) values ($1, $2)', [ann.user_id, sha256(token)]);
  expect((await world.send('GET', '/api/auth/me/', { ...ann, token })).body.username).toBe('ann');
});

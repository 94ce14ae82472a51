import { expect } from 'vitest';
import { test } from './home.ts';

test('smoke', async ({ world }) => {
  const reg = await world.send('POST', '/api/auth/register/', null, { username: 'ann', email: 'ann@example.com', password: 'correct horse 7' });
  console.log(reg.status, reg.text, world.logged);
  const login = await world.send('POST', '/api/auth/login/', null, { username: 'ann@example.com', password: 'correct horse 7' });
  console.log(login.status, login.text, [...login.headers]);
  const me = { user_id: 1, token: login.body.token, username: 'ann' };
  const res = await world.send('POST', '/api/residences/', me, { name: 'Maple' }, { headers: { 'idempotency-key': 'k1' } });
  console.log(res.status, res.text, res.headers.get('etag'));
  const res2 = await world.send('POST', '/api/residences/', me, { name: 'Maple' }, { headers: { 'idempotency-key': 'k1' } });
  console.log(res2.status, res2.text === res.text, res2.headers.get('idempotency-replayed'));
  const t = await world.send('POST', '/api/tasks/', me, { residence_id: res.body.id, title: 'x', frequency_id: 5 });
  console.log(t.status, t.text);
  const b = await world.send('GET', '/api/tasks/', me);
  console.log(b.status, b.text, b.headers.get('etag'));
  const done = await world.send('POST', '/api/task-completions/', me, { task_id: t.body.data.id, completed_at: '2026-03-07T10:00:00Z' });
  console.log(done.status, done.text);
  console.log(await world.rows('select actor_type, actor_id::int, action, target_type, target_id::int, residence_id::int, changed from audit_log order by id'));
  console.log(await world.rows('select residence_id::int, version::int, n, type, action, entity_id::int from change_log order by 1,2,3'));
  console.log(await world.rows('select id, event from outbox order by id'));
  console.log(world.logged.at(-1), world.trips.length);
  expect(1).toBe(1);
});

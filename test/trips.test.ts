import { expect } from 'vitest';
import { test } from './home.ts';
import { PUBLIC } from './operations/public.ts';
import { tripsOf } from './operations/sample.ts';
import { operations, SAMPLES } from './operations.ts';

test('no operation makes more round trips than its budget', async ({ world }) => {
  const spent: Record<string, number> = {};
  const samples = { ...PUBLIC, ...SAMPLES };
  for (const { method, name, isPublic } of operations()) {
    const sample = samples[name];
    if (!sample) throw new Error(`${name} is in no list`);
    const home = await world.home();
    const { id: task_id } = await world.task(home.owner, home.residence_id);
    const more = await sample.make?.(world, home, home.owner);
    const request = sample.request({ residence_id: home.residence_id, task_id, ...more });
    const headers = { ...request.headers, ...(!isPublic && { 'idempotency-key': crypto.randomUUID() }) };

    const before = world.trips.length;
    const answer = await world.send(method, request.path, isPublic ? null : home.owner, request.body, { headers });
    spent[name] = world.trips.length - before;
    expect(answer.status, `${name}: ${answer.text}`).toBeLessThan(400);
    expect(spent[name], name).toBeLessThanOrEqual(tripsOf(name, sample));
    expect(answer.headers.get('server-timing')).toContain(`trips;desc="${spent[name]}"`);
  }
  expect(spent).toMatchObject({ 'GET /api/tasks/': 1, 'POST /api/tasks/': 1, 'POST /api/auth/login/': 2 });
}, 60_000);

test('the board of 200 tasks is one trip', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.rows(
    `insert into task_task (residence_id, title) select $1, 'Task ' || n from generate_series(1, 200) n`,
    [residence_id],
  );
  const before = world.trips.length;
  const { body } = await world.send('GET', '/api/tasks/', owner);
  expect(body.columns[2].count).toBe(200);
  expect(world.trips.length - before).toBe(1);
});

test('a session’s last use is written at most hourly, after the answer', async ({ world }) => {
  const { owner } = await world.home();
  await world.rows(`update user_authtoken set last_used_at = now() - interval '2 hours' where user_id = $1`, [
    owner.user_id,
  ]);
  const before = world.trips.length;
  const first = await world.send('GET', '/api/auth/me/', owner);
  expect(first.headers.get('server-timing')).toContain('trips;desc="1"');
  expect(world.trips.length - before).toBe(2);
  await world.send('GET', '/api/auth/me/', owner);
  expect(world.trips.length - before).toBe(3);
});

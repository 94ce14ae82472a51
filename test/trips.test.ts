import { expect } from 'vitest';
import { test } from './home.ts';
import { operations, REQUESTS } from './operations.ts';

/** Round trips before the answer (architecture.md, One round trip). */
const budgetOf = (name: string): number => {
  if (
    /^GET \/api\/(residences\/types|tasks\/(categories|priorities|frequencies)|contractors|static_data|openapi|health\/$)/.test(
      name,
    )
  )
    return 0;
  if (name.startsWith('GET') || name === 'POST /api/tasks/') return 1;
  return 2;
};

test('no operation makes more round trips than its budget', async ({ world }) => {
  const spent: Record<string, number> = {};
  const { owner, residence_id } = await world.home();
  for (const { method, name, path, isPublic } of operations()) {
    const { id: task_id } = await world.task(owner, residence_id);
    const home = (await world.send('POST', '/api/residences/', owner, { name: 'One more' })).body.id;
    const somebody = await world.person(crypto.randomUUID());
    const subject = { residence_id: name.startsWith('DELETE /api/residences') ? home : residence_id, task_id };
    const account = {
      username: crypto.randomUUID(),
      email: `${crypto.randomUUID()}@example.com`,
      password: 'correct horse 7',
    };
    await world.send('POST', '/api/auth/register/', null, account);
    const request = isPublic
      ? {
          path,
          body: name.includes('register')
            ? { ...account, username: 'fresh', email: 'fresh@example.com' }
            : name.includes('login')
              ? account
              : undefined,
        }
      : REQUESTS[name]?.(subject);
    if (!request) throw new Error(`${name} is in no list`);
    const who = isPublic ? null : name.includes('logout') ? somebody : owner;
    const headers: Record<string, string> = isPublic ? {} : { 'idempotency-key': crypto.randomUUID() };

    const before = world.trips.length;
    const answer = await world.send(method, request.path, who, request.body, { headers });
    spent[name] = world.trips.length - before;
    expect(Math.floor(answer.status / 100), `${name}: ${answer.text}`).toBe(2);
    expect(spent[name], name).toBeLessThanOrEqual(budgetOf(name));
    expect(answer.headers.get('server-timing')).toContain(`trips;desc="${spent[name]}"`);
  }
  expect(spent).toMatchObject({ 'GET /api/tasks/': 1, 'POST /api/tasks/': 1, 'POST /api/auth/login/': 2 });
});

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

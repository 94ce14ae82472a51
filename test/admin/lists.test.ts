import { expect } from 'vitest';
import { toCsv } from '../../domain/csv.ts';
import { testTogether as test, type World } from '../home.ts';
import { asAdmin, signedIn } from './operator.ts';

const read = async (world: World, path: string, cookie: string) => {
  const answer = await asAdmin(world, 'GET', path, cookie);
  expect(answer.status, answer.text).toBe(200);
  return answer;
};

type Row = { id: number } & Record<string, unknown>;

/** All ids of a list, page after page. */
async function walked(world: World, path: string, cookie: string): Promise<number[]> {
  const ids: number[] = [];
  let cursor: string | null = null;
  do {
    const { body } = await read(world, `${path}&limit=7${cursor ? `&cursor=${cursor}` : ''}`, cookie);
    expect(body.results.length).toBeLessThanOrEqual(7);
    ids.push(...body.results.map(({ id }: Row) => id));
    cursor = body.next_cursor;
  } while (cursor);
  return ids;
}

/** Forty users, every fourth unverified, a few of them deleted; some of one name. */
async function people(world: World): Promise<number[]> {
  const rows = await world.rows(
    `insert into auth_user (username, email, password_hash, is_verified, first_name, deleted_at)
     select md5('walker' || n), n || '@walkers.example', '-', n % 4 > 0, case when n % 5 = 0 then 'Zoë 100%_' else 'Al' end,
       case when n % 10 = 0 then now() end
     from generate_series(1, 40) n returning id::int`,
  );
  return rows.map(({ id }) => id);
}

test('a list is searched, filtered and sorted by the server, and walked from end to end in any order', async ({
  world,
}) => {
  const { cookie } = await signedIn(world, 'support');
  const made = await people(world);
  const all = 'users/?search=walkers.example';
  expect(await walked(world, all, cookie)).toEqual(made.toReversed());
  expect(await walked(world, `${all}&sort=id`, cookie)).toEqual(made);
  const byName = await walked(world, `${all}&sort=username`, cookie);
  const sorted = await world.rows(
    `select id::int from auth_user where email like '%walkers.example' order by lower(username)`,
  );
  expect(byName).toEqual(sorted.map(({ id }) => id));
  expect(await walked(world, `${all}&sort=-username`, cookie)).toEqual(byName.toReversed());

  expect(await walked(world, `${all}&is_verified=false`, cookie)).toHaveLength(10);
  expect(await walked(world, `${all}&is_deleted=true`, cookie)).toHaveLength(4);
  expect(await walked(world, `${all}&is_deleted=false&is_verified=true`, cookie)).toHaveLength(28);
  expect(await walked(world, `users/?search=${encodeURIComponent('100%_')}`, cookie)).toHaveLength(8);
  expect(await walked(world, 'users/?search=100%25x', cookie)).toEqual([]);
  expect(await walked(world, `users/?search=${made[3]}`, cookie)).toEqual([made[3]]);

  const { body } = await read(world, `${all}&limit=5`, cookie);
  for (const strange of [
    'users/?search=ab',
    'users/?sort=password_hash',
    'users/?is_verified=perhaps',
    'users/?limit=0',
    'users/?cursor=nonsense',
    `users/?sort=username&cursor=${body.next_cursor}`,
    `audit-log/?from=yesterday`,
  ]) {
    const refused = await asAdmin(world, 'GET', strange, cookie);
    expect([refused.status, refused.body.code], strange).toEqual([400, 'validation']);
  }
});

test('as CSV a list is all that matches, a page in memory at a time, and nothing in it is run by a spreadsheet', async ({
  world,
}) => {
  const { cookie } = await signedIn(world);
  const { residence_id, owner } = await world.home();
  await world.rows(
    `insert into task_task (residence_id, title, created_by_id)
     select $1, case n when 1 then '=HYPERLINK("http://evil.example";"x")' when 2 then 'a, "b"' || chr(10) || 'c' else 'Sweep ' || n end, $2
     from generate_series(1, 4500) n`,
    [residence_id, owner.user_id],
  );
  const before = world.trips.length;
  const path = `tasks/?residence_id=${residence_id}&sort=id&format=csv`;
  const { headers, text } = await read(world, path, cookie);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toBe('attachment; filename="tasks.csv"');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(world.trips.length - before).toBe(3);
  const lines = text.trimEnd().split('\r\n');
  expect(lines).toHaveLength(4501);
  expect(lines[0]).toMatch(/^id,residence_id,title,kanban_column,effective_date,/);
  expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"";""x"")"`);
  expect(lines[2]).toContain('"a, ""b""\nc"');
  expect(new Set(lines.slice(1).map((line) => line.split(',')[0])).size).toBe(4500);

  // Whoever is signed out meanwhile gets no more of it.
  const { cookie: gone } = await signedIn(world);
  await world.rows(`update admin_session set last_used_at = now() - interval '2 hours'`);
  const refused = await asAdmin(world, 'GET', path, gone);
  expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated']);
  await world.rows('update admin_session set last_used_at = now()');
});

test('cells of CSV', () => {
  const rows = [
    { a: '-1+1', b: -1, c: null, d: { x: [1] } },
    { a: '@x', b: 0, c: '\tx', d: true },
  ];
  expect(toCsv(rows, ['a', 'b', 'c', 'd'], true)).toBe(`a,b,c,d\r\n'-1+1,-1,,"{""x"":[1]}"\r\n'@x,0,'\tx,true\r\n`);
  expect(toCsv([], ['a'], true)).toBe('a\r\n');
});

test('the audit log is found by actor, target, home, request, field and time', async ({ world }) => {
  const { cookie, admin_id } = await signedIn(world);
  const { owner, residence_id } = await world.home();
  const task = await world.task(owner, residence_id);
  const headers = { 'x-request-id': `req-${task.id}` };
  await world.send('PATCH', `/api/tasks/${task.id}/`, owner, { title: 'Other', due_date: '2026-04-01' }, { headers });
  await asAdmin(world, 'POST', `residences/${residence_id}/pause/`, cookie);
  const list = async (query: string): Promise<Row[]> => (await read(world, `audit-log/?${query}`, cookie)).body.results;

  const [changed] = await list(`request_id=req-${task.id}`);
  expect(changed).toMatchObject({
    actor_type: 'user',
    actor_id: owner.user_id,
    actor: owner.username,
    action: 'updated',
    target_type: 'task',
    target_id: task.id,
    residence_id,
    changed: { due_date: [null, '2026-04-01'], title: [expect.stringMatching(/^#/), expect.stringMatching(/^#/)] },
  });
  expect(await list(`target_type=task&target_id=${task.id}&field=due_date`)).toEqual([changed]);
  expect(await list(`target_type=task&target_id=${task.id}&field=notes`)).toEqual([]);
  expect(await list(`residence_id=${residence_id}&action=created&target_type=task`)).toHaveLength(1);
  expect(await list(`actor_type=user&actor_id=${owner.user_id}&action=updated`)).toEqual([changed]);
  const [paused] = await list(`actor_type=admin&actor_id=${admin_id}&target_type=residence`);
  expect(paused).toMatchObject({ target_id: residence_id, changed: { is_paused: [false, true] } });
  expect(await list(`residence_id=${residence_id}&from=2999-01-01T00:00:00Z`)).toEqual([]);
  expect((await list(`residence_id=${residence_id}&to=2999-01-01T00:00:00Z`)).length).toBeGreaterThan(2);
});

test('jobs are found by state and queue, deliveries by person', async ({ world }) => {
  const { cookie } = await signedIn(world);
  const { owner } = await world.home();
  const made = await world.rows(
    `insert into outbox (event, queue, done_at, dead_at, uncertain_at, lease_until, run_at)
     select jsonb_build_object('type', 'storage.review_due', 'state', state), 'long',
       case when state in ('done', 'uncertain') then now() end, case when state = 'dead' then now() end,
       case when state = 'uncertain' then now() end, case when state = 'running' then now() + interval '1 minute' end,
       case when state = 'scheduled' then now() + interval '1 hour' else now() end
     from unnest(array['waiting', 'scheduled', 'running', 'done', 'dead', 'uncertain']) state returning id::int, event ->> 'state' as state`,
  );
  for (const { id, state } of made) {
    const { body } = await read(world, `jobs/?queue=long&type=storage.review_due&state=${state}`, cookie);
    expect(body.results.map((job: Row) => [job.id, job.state])).toEqual([[id, state]]);
  }
  await world.rows(
    `insert into notifications_delivery (event_id, channel, device_id, user_id, result, at)
     select n, case when n % 2 = 0 then 'email' else 'push' end, n % 2, $1, 'sent', now() - (n / 3) * interval '1 minute'
     from generate_series(1, 30) n`,
    [owner.user_id],
  );
  const seen: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path = `deliveries/?user_id=${owner.user_id}&limit=4${cursor && `&cursor=${cursor}`}`;
    const { body } = await read(world, path, cookie);
    seen.push(...body.results.map(({ event_id }: { event_id: number }) => event_id));
    cursor = body.next_cursor;
  }
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
});

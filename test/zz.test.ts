import { test } from './home.ts';
import { claimDueTasks } from '../db/due-tasks.ts';
import { claimDueDigests } from '../db/due-digests.ts';
import { writeFileSync } from 'node:fs';
test('plan', async ({ world }) => {
  const people = Number(process.env.PEOPLE ?? 2000), tasks = Number(process.env.TASKS ?? 1);
  await world.rows(
    `with u as (
       insert into auth_user (username, email, password_hash) select 'u' || n, 'u' || n || '@example.com', '-'
       from generate_series(1, $1::int) n returning id
     ), r as (insert into residence_residence (id, name) select 1000 + id, 'Home' from u returning id),
     m as (insert into residence_residence_users (residence_id, user_id, role) select id, id - 1000, 'owner' from r)
     select 1`, [people]);
  await world.rows(`insert into task_task (residence_id, title, due_date) select id, 'T', $2 from residence_residence, generate_series(1, $1::int)`, [tasks, '2026-03-07']);
  if (process.env.ANALYZE) await world.rows('analyze');
  await world.rows("set statement_timeout = '20s'"); await world.rows("set jit=off");
  const page = { clocks: [{ zone: 'UTC', local: '2026-03-07 15:00' }], after: 0 };
  let out = '';
  for (const q of [claimDueTasks(world.ports.db, '2026-03-07T15:00:00Z', page), claimDueDigests(world.ports.db, '2026-03-07T15:00:00Z', page), claimDueTasks(world.ports.db, '2026-03-07T15:00:00Z', page)]) {
    const { sql, params } = q.getQuery();
    await world.rows('begin');
    const r = await world.rows('explain (analyze, buffers off) ' + sql, params);
    await world.rows('commit');
    out += r.map((x) => x['QUERY PLAN']).join('\n') + '\n\n=======\n';
  }
  writeFileSync('/tmp/plan.txt', out);
}, 100000);

import { expect } from 'vitest';
import { TasksWritten } from '../domain/task.ts';
import { test } from './home.ts';

const titles = (count: number) => Array.from({ length: count }, (_, n) => ({ title: `Task ${n}` }));

test('makes the tasks of a batch in its home, in their order, with one event and in one trip', async ({ world }) => {
  const { owner, residence_id, elsewhere } = await world.home();
  const [{ template_id }] = await world.rows('select min(id)::int as template_id from task_tasktemplate');
  const tasks = [
    { title: 'Sweep', residence_id: elsewhere },
    { title: 'Filter', frequency_id: 5, template_id },
    { title: 'Mow', custom_interval: 2, custom_unit: 'week', due_date: '2026-04-01', residence_id: 'nonsense' },
  ];
  const headers = { 'x-request-id': 'bulk-1', 'x-timezone': 'Pacific/Kiritimati', 'idempotency-key': 'batch' };
  const before = world.trips.length;
  const { status, body, text } = await world.send(
    'POST',
    '/api/tasks/bulk/',
    owner,
    { residence_id, tasks },
    { headers },
  );
  expect([status, world.trips.length - before]).toEqual([201, 1]);
  expect(TasksWritten.strict().parse(body)).toMatchObject({
    data: [
      { title: 'Sweep', residence_id, next_due_date: null, template_id: null },
      { title: 'Filter', residence_id, due_date: '2026-03-08', next_due_date: '2026-03-08', template_id },
      { title: 'Mow', residence_id, next_due_date: '2026-04-01', created_by_id: owner.user_id },
    ],
    summary: { total_tasks: 3, tasks_by_column: { due_soon_tasks: 2, upcoming_tasks: 1 } },
  });
  const task_ids = body.data.map(({ id }: { id: number }) => id);
  expect(await world.rows(`select event from outbox where request_id = 'bulk-1'`)).toEqual([
    { event: { type: 'tasks.created', residence_id, task_ids } },
  ]);
  expect(
    await world.rows(
      `select target_id::int from audit_log where request_id = 'bulk-1' and target_type = 'task' order by id`,
    ),
  ).toEqual(task_ids.map((target_id: number) => ({ target_id })));
  expect((await world.send('GET', `/api/tasks/${task_ids[2]}/`, owner, undefined, { headers })).body).toEqual(
    body.data[2],
  );

  const again = await world.send('POST', '/api/tasks/bulk/', owner, { residence_id, tasks }, { headers });
  expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([201, text, 'true']);
  expect(await world.rows('select count(*)::int n from task_task')).toEqual([{ n: 3 }]);
});

test('a batch among others names only its own', async ({ world }) => {
  const { owner, member, stranger, residence_id, elsewhere } = await world.home();
  const answers = await Promise.all(
    [owner, member, stranger].flatMap((by) => {
      const home = by === stranger ? elsewhere : residence_id;
      return [0, 1].map(() => world.send('POST', '/api/tasks/bulk/', by, { residence_id: home, tasks: titles(5) }));
    }),
  );
  const ids = answers.map(({ body }) => body.data.map(({ id }: { id: number }) => id));
  expect(ids.map((of) => of.length)).toEqual([5, 5, 5, 5, 5, 5]);
  expect(new Set(ids.flat()).size).toBe(30);
  for (const { body } of answers)
    expect(body.data.map(({ title }: { title: string }) => title)).toEqual(titles(5).map(({ title }) => title));
  const events = await world.rows(
    `select event -> 'task_ids' as ids from outbox where event ->> 'type' = 'tasks.created'`,
  );
  expect(events.map((row) => row.ids).sort()).toEqual(ids.sort());
});

test('takes 1 to 50, all or nothing', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const send = (tasks: object[], more: object = {}) =>
    world.send('POST', '/api/tasks/bulk/', owner, { residence_id, tasks, ...more });
  const refusals: [object[], object, string][] = [
    [[], {}, 'tasks'],
    [titles(51), {}, 'tasks'],
    [[...titles(3), { title: ' ' }], {}, 'tasks.3.title'],
    [[{ title: 'x', custom_interval: 2 }], {}, 'tasks.0.custom_unit'],
    [[...titles(49), { title: 'x', category_id: 999 }], {}, 'category_id'],
    [titles(1), { residence_id: undefined }, 'residence_id'],
  ];
  for (const [tasks, more, field] of refusals) {
    const { status, body } = await send(tasks, more);
    expect([status, Object.keys(body.fields ?? {})], field).toEqual([400, [field]]);
  }
  expect(await world.rows('select count(*)::int n from task_task')).toEqual([{ n: 0 }]);
  const full = await send(titles(50));
  expect([full.status, full.body.data.length]).toEqual([201, 50]);
});

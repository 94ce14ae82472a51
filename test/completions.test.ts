import { expect } from 'vitest';
import { Completion, CompletionDeleted, CompletionWritten } from '../domain/completion.ts';
import { page } from '../domain/page.ts';
import { type Person, test, type World } from './home.ts';
import { race } from './race.ts';

const MONTHLY = 5;

/** Completes a task, as it was answered. */
const complete = (world: World, by: Person, task_id: number, completed_at: string, more: object = {}) =>
  world.send('POST', '/api/task-completions/', by, { task_id, completed_at, ...more });

const undo = (world: World, by: Person, { body }: { body: { data: { id: number } } }) =>
  world.send('DELETE', `/api/task-completions/${body.data.id}/`, by);

test('undoing the newest brings its dates back, one after the other; undoing an older one moves none', async ({
  world,
}) => {
  const { owner, residence_id } = await world.home();
  const more = { frequency_id: MONTHLY, schedule: 'fixed', due_date: '2026-01-31' };
  const { id } = await world.task(owner, residence_id, more);
  const done = [];
  for (const day of ['2026-01-30', '2026-02-20', '2026-03-05']) {
    done.push(await complete(world, owner, id, `${day}T12:00:00Z`));
  }
  const [first, second, third] = done;
  if (!first || !second || !third) throw new Error('three were made');
  expect(done.map(({ body }) => body.task.next_due_date)).toEqual(['2026-02-28', '2026-03-31', '2026-04-30']);

  const older = await undo(world, owner, first);
  expect(older.status).toBe(200);
  expect(CompletionDeleted.strict().parse(older.body)).toMatchObject({
    task: { next_due_date: '2026-04-30', completion_count: 2 },
    summary: { completed_last_30_days: 2 },
  });
  const newest = await undo(world, owner, third);
  expect(newest.body.task).toMatchObject({
    next_due_date: '2026-03-31',
    completion_count: 1,
    last_completed_at: '2026-02-20T12:00:00.000Z',
  });
  expect((await undo(world, owner, second)).body.task).toMatchObject({
    next_due_date: '2026-02-28',
    completion_count: 0,
    last_completed_at: null,
  });
  expect((await undo(world, owner, second)).status).toBe(404);
});

test('undoing leaves its traces, and nothing of the completion', async ({ world }) => {
  const { member, residence_id } = await world.home();
  const { id } = await world.task(member, residence_id, { frequency_id: MONTHLY });
  const done = await complete(world, member, id, '2026-03-07T08:00:00Z', { notes: 'Dusty' });
  const headers = { 'x-request-id': 'undo-1' };
  await world.send('DELETE', `/api/task-completions/${done.body.data.id}/`, member, undefined, { headers });
  const ids = { residence_id, task_id: id, completion_id: done.body.data.id };
  expect(await world.rows(`select event from outbox where request_id = 'undo-1'`)).toEqual([
    { event: { type: 'completion.deleted', ...ids } },
  ]);
  const audited = await world.rows(
    `select target_type, action from audit_log where request_id = 'undo-1' and target_type <> 'task' and actor_id = $1`,
    [member.user_id],
  );
  expect(audited).toEqual([{ target_type: 'completion', action: 'deleted' }]);
  const [{ version }] = await world.rows(
    'select max(version)::int as version from change_log where residence_id = $1',
    [residence_id],
  );
  expect(
    await world.rows(`select type, action from change_log where residence_id = $1 and version = $2 order by n`, [
      residence_id,
      version,
    ]),
  ).toContainEqual({ type: 'completion', action: 'deleted' });
  expect(await world.rows('select id from task_taskcompletion')).toEqual([]);
});

test('undoing a one-time task opens it again where it was', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  for (const [due_date, column] of [
    ['2026-03-01', 'overdue_tasks'],
    [null, 'upcoming_tasks'],
  ]) {
    const { id } = await world.task(owner, residence_id, { due_date });
    const done = await complete(world, owner, id, '2026-03-07T08:00:00Z');
    expect(done.body.task).toMatchObject({ kanban_column: 'completed_tasks', next_due_date: null });
    expect((await undo(world, owner, done)).body.task).toMatchObject({
      kanban_column: column,
      due_date,
      next_due_date: null,
    });
    expect((await complete(world, owner, id, '2026-03-07T09:00:00Z')).status).toBe(201);
  }
});

test('undoing what only joined the history moves nothing, even once it is the newest', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { frequency_id: MONTHLY });
  const first = await complete(world, owner, id, '2026-03-07T08:00:00Z');
  const late = await complete(world, owner, id, '2026-03-02T08:00:00Z');
  expect((await undo(world, owner, first)).body.task.next_due_date).toBe('2026-03-07');
  expect((await undo(world, owner, late)).body.task).toMatchObject({
    next_due_date: '2026-03-07',
    completion_count: 0,
  });
});

test('two undo the same: one does, the other finds nothing; the dates come back once', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { frequency_id: MONTHLY });
  const done = await complete(world, owner, id, '2026-03-07T08:00:00Z');
  const path = `/api/task-completions/${done.body.data.id}/`;
  const answers = await race(world, [
    ['DELETE', path, owner],
    ['DELETE', path, member],
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 404]);
  expect((await world.send('GET', `/api/tasks/${id}/`, owner)).body.next_due_date).toBe('2026-03-07');
});

test('an undo and a completion at once: the second sees what the first has done', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const completed = async () => {
    const { id } = await world.task(owner, residence_id, { frequency_id: MONTHLY });
    const { body } = await complete(world, owner, id, '2026-02-01T08:00:00Z');
    const undoing: Parameters<typeof race>[1][number] = ['DELETE', `/api/task-completions/${body.data.id}/`, owner];
    const input = { task_id: id, completed_at: '2026-03-01T08:00:00Z' };
    const completing: typeof undoing = ['POST', '/api/task-completions/', member, input];
    const now = async () => (await world.send('GET', `/api/tasks/${id}/`, owner)).body;
    return { undoing, completing, now };
  };
  const one = await completed();
  expect((await race(world, [one.completing, one.undoing])).map(({ status }) => status)).toEqual([201, 200]);
  expect(await one.now()).toMatchObject({ next_due_date: '2026-04-01', completion_count: 1 });

  const other = await completed();
  const [, late] = await race(world, [other.undoing, other.completing]);
  expect([late?.status, late?.body.code]).toEqual([409, 'occurrence_completed']);
  expect(await other.now()).toMatchObject({ next_due_date: '2026-03-07', completion_count: 0 });
});

test('a completion is read and changed, but for when it was done', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { frequency_id: MONTHLY });
  const done = await complete(world, owner, id, '2026-03-07T08:00:00Z', { notes: 'Dusty', actual_cost: 12 });
  const path = `/api/task-completions/${done.body.data.id}/`;
  const read = await world.send('GET', path, viewer);
  expect(Completion.strict().parse(read.body)).toEqual(done.body.data);
  expect(read.headers.get('etag')).toBe(done.headers.get('etag'));
  const same = await world.send('GET', path, viewer, undefined, {
    headers: { 'if-none-match': read.headers.get('etag') ?? '' },
  });
  expect(same.status).toBe(304);

  const edit = { rating: 4, completed_at: '2026-01-01T08:00:00Z' };
  const mine = { headers: { 'if-match': read.headers.get('etag') ?? '', 'x-request-id': 'edit-1' } };
  const edited = await world.send('PATCH', path, owner, edit, mine);
  expect(edited.status).toBe(200);
  expect(CompletionWritten.strict().parse(edited.body)).toMatchObject({
    data: { rating: 4, notes: 'Dusty', actual_cost: '12.00', completed_at: '2026-03-07T08:00:00.000Z' },
    task: { id, next_due_date: '2026-04-07' },
  });
  expect(await world.rows(`select event ->> 'type' as type from outbox where request_id = 'edit-1'`)).toEqual([
    { type: 'completion.updated' },
  ]);
  const late = await world.send('PATCH', path, owner, { rating: 1 }, mine);
  expect([late.status, late.headers.get('etag')]).toEqual([412, edited.headers.get('etag')]);
  expect((await world.send('DELETE', path, owner, undefined, mine)).status).toBe(412);
  expect((await world.send('PATCH', path, owner, { actual_cost: null })).body.data.actual_cost).toBeNull();
  expect((await world.send('PATCH', path, owner, {})).body.data).toMatchObject({ rating: 4, notes: 'Dusty' });
  expect((await world.send('PATCH', path, owner, { rating: 6 })).body.fields).toHaveProperty('rating');
});

test('lists the completions of all homes, of one, of a task and of a time, the newest first', async ({ world }) => {
  const { owner, viewer, stranger, residence_id, elsewhere } = await world.home();
  const second = (await world.send('POST', '/api/residences/', owner, { name: 'Cabin' })).body.id;
  await world.rows(
    `insert into task_task (residence_id, title) select h, 'T' from unnest(array[$1, $2, $3]::bigint[]) h`,
    [residence_id, second, elsewhere],
  );
  await world.rows(
    `insert into task_taskcompletion (task_id, residence_id, completed_at)
     select t.id, t.residence_id, timestamptz '2026-03-01T00:00:00Z' + (n / 2) * interval '1 hour' + interval '123 microseconds'
     from task_task t, generate_series(1, 12) n`,
  );
  const list = async (by: Person, query: string) => {
    const seen: { id: number; task_id: number; completed_at: string }[] = [];
    let cursor = '';
    do {
      const answer = await world.send(
        'GET',
        `/api/task-completions/?limit=5${query}${cursor && `&cursor=${cursor}`}`,
        by,
      );
      expect(answer.status, answer.text).toBe(200);
      const { results, next_cursor } = page(Completion).strict().parse(answer.body);
      seen.push(...results);
      cursor = next_cursor ?? '';
    } while (cursor);
    return seen;
  };
  const everything = await list(owner, '');
  expect(everything).toHaveLength(24);
  const order = (a: (typeof everything)[number], b: typeof a) =>
    a.completed_at < b.completed_at ? 1 : a.completed_at > b.completed_at ? -1 : b.id - a.id;
  expect(everything).toEqual(everything.toSorted(order));
  expect(new Set(everything.map(({ id }) => id)).size).toBe(24);
  const [task_id] = await list(viewer, '').then((all) => all.map((done) => done.task_id));
  expect(await list(viewer, '')).toHaveLength(12);
  expect(await list(owner, `&residence_id=${residence_id}`)).toEqual(await list(owner, `&task_id=${task_id}`));
  expect(await list(owner, '&from=2026-03-01T02:00:00Z&to=2026-03-01T04:00:00%2B01:00')).toHaveLength(4);
  expect(await list(stranger, '')).toHaveLength(12);
  for (const query of [`residence_id=${residence_id}`, `task_id=${task_id}`, 'task_id=999999']) {
    expect((await world.send('GET', `/api/task-completions/?${query}`, stranger)).status, query).toBe(404);
  }
  for (const query of ['from=yesterday', 'to=0000-01-01T00:00:00Z', 'cursor=nonsense', 'limit=201']) {
    expect((await world.send('GET', `/api/task-completions/?${query}`, owner)).status, query).toBe(400);
  }
});

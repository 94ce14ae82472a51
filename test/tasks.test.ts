import { expect } from 'vitest';
import { Board, Task, TaskWritten } from '../domain/task.ts';
import { TODAY, test } from './home.ts';

test('a recurring task without dates is due today, in the caller’s zone', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const zone = { headers: { 'x-timezone': 'Pacific/Kiritimati' } };
  const input = { residence_id, title: ' Filter ', frequency_id: 5, estimated_cost: 12.5 };
  const { status, body, headers } = await world.send('POST', '/api/tasks/', owner, input, zone);
  expect(status).toBe(201);
  expect(TaskWritten.strict().parse(body)).toMatchObject({
    data: {
      title: 'Filter',
      due_date: '2026-03-08',
      next_due_date: '2026-03-08',
      estimated_cost: '12.50',
      kanban_column: 'due_soon_tasks',
    },
    summary: { total_residences: 1, total_tasks: 1 },
  });
  const read = await world.send('GET', `/api/tasks/${body.data.id}/`, owner, undefined, zone);
  expect(Task.strict().parse(read.body)).toEqual(body.data);
  expect(headers.get('etag')).toBe(read.headers.get('etag'));
});

test('PUT replaces, PATCH changes only what is sent', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { description: 'long', priority_id: 3, due_date: '2026-05-01' });
  const patched = await world.send('PATCH', `/api/tasks/${id}/`, owner, { title: 'Other' });
  expect(patched.body.data).toMatchObject({
    title: 'Other',
    description: 'long',
    priority_id: 3,
    due_date: '2026-05-01',
  });
  const put = await world.send('PUT', `/api/tasks/${id}/`, owner, { title: 'Bare' });
  expect(put.body.data).toMatchObject({ title: 'Bare', description: '', priority_id: null, due_date: null });
});

test('refuses what does not fit, field by field', async ({ world }) => {
  const { owner, stranger, residence_id, elsewhere } = await world.home();
  const { id } = await world.task(owner, residence_id);
  const post = (more: object) => world.send('POST', '/api/tasks/', owner, { residence_id, title: 'x', ...more });
  const misfits: [object, string][] = [
    [{ title: ' ' }, 'title'],
    [{ title: 'x'.repeat(201) }, 'title'],
    [{ title: 'a\0b' }, 'title'],
    [{ title: '\ud800' }, 'title'],
    [{ frequency_id: 2, custom_interval: 3, custom_unit: 'day' }, 'frequency_id'],
    [{ custom_interval: 3 }, 'custom_unit'],
    [{ custom_interval: 1001, custom_unit: 'day' }, 'custom_interval'],
    [{ due_date: '2026-02-30' }, 'due_date'],
    [{ category_id: 999 }, 'category_id'],
    [{ frequency_id: 999 }, 'frequency_id'],
    [{ assigned_to_id: stranger.user_id }, 'assigned_to_id'],
    [{ estimated_cost: '-1' }, 'estimated_cost'],
  ];
  for (const [input, field] of misfits) {
    const answer = await post(input);
    expect([answer.status, answer.body.code, Object.keys(answer.body.fields ?? {})], field).toEqual([
      400,
      'validation',
      [field],
    ]);
  }
  const moved = await world.send('PATCH', `/api/tasks/${id}/`, owner, { residence_id: elsewhere });
  expect([moved.status, Object.keys(moved.body.fields)]).toEqual([400, ['residence_id']]);
});

test('a change of how often a task comes back leaves it whole', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id);
  const patch = async (input: object) => {
    const { status, body } = await world.send('PATCH', `/api/tasks/${id}/`, owner, input);
    return status === 200 ? body.data : [status, ...Object.keys(body.fields)];
  };
  expect(await patch({ custom_interval: 3 })).toEqual([400, 'custom_unit']);
  expect(await patch({ custom_unit: 'day' })).toEqual([400, 'custom_interval']);
  expect(await patch({ frequency_id: 3, custom_interval: 3, custom_unit: 'day' })).toEqual([400, 'frequency_id']);
  expect(await patch({ custom_interval: 3, custom_unit: 'day' })).toMatchObject({ custom_interval: 3 });
  expect(await patch({ custom_interval: 4 })).toMatchObject({ custom_interval: 4, custom_unit: 'day' });
  expect(await patch({ custom_unit: null })).toEqual([400, 'custom_unit']);
  expect(await patch({ frequency_id: 3 })).toMatchObject({ custom_interval: null, custom_unit: null });
});

test('validators: 304 without a body, 412 with the current one', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id);
  const path = `/api/tasks/${id}/`;
  const etag = (await world.send('GET', path, owner)).headers.get('etag') ?? '';
  const known = await world.send('GET', path, owner, undefined, { headers: { 'if-none-match': `W/${etag}, "other"` } });
  expect([known.status, known.text, known.headers.get('etag')]).toEqual([304, '', etag]);
  const board = await world.send('GET', '/api/tasks/', owner);
  const same = await world.send('GET', '/api/tasks/', owner, undefined, {
    headers: { 'if-none-match': board.headers.get('etag') ?? '' },
  });
  expect(same.status).toBe(304);

  const mine = { headers: { 'if-match': etag } };
  expect((await world.send('PATCH', path, owner, { title: 'Mine' }, mine)).status).toBe(200);
  const late = await world.send('PATCH', path, owner, { title: 'Late' }, mine);
  const now = (await world.send('GET', path, owner)).headers.get('etag');
  expect([late.status, late.body.code, late.headers.get('etag')]).toEqual([412, 'precondition_failed', now]);
  expect((await world.send('DELETE', path, owner, undefined, mine)).status).toBe(412);
});

test('two edits at once: both land, or one is told; nothing is lost in between', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id);
  const answers = await Promise.all([
    world.send('PATCH', `/api/tasks/${id}/`, owner, { title: 'Owner' }),
    world.send('PATCH', `/api/tasks/${id}/`, member, { description: 'Member' }),
  ]);
  for (const { status } of answers) expect([200, 409]).toContain(status);
  const { body } = await world.send('GET', `/api/tasks/${id}/`, owner);
  if (answers.every(({ status }) => status === 200))
    expect(body).toMatchObject({ title: 'Owner', description: 'Member' });
});

test('the switches, each with the column that follows', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { due_date: '2026-03-01' });
  const turns = [
    ['mark-in-progress', 'in_progress_tasks'],
    ['clear-in-progress', 'overdue_tasks'],
    ['cancel', 'cancelled_tasks'],
    ['cancel', 'cancelled_tasks'],
    ['uncancel', 'overdue_tasks'],
    ['archive', 'cancelled_tasks'],
    ['unarchive', 'overdue_tasks'],
  ];
  for (const [turn, column] of turns) {
    const { status, body } = await world.send('POST', `/api/tasks/${id}/${turn}/`, owner);
    expect([status, body.data.kanban_column], turn).toEqual([200, column]);
  }
});

test('the board has its five columns in order, the sixth on request, for all homes or one', async ({ world }) => {
  const { owner, residence_id, stranger } = await world.home();
  const other = (await world.send('POST', '/api/residences/', owner, { name: 'Cabin' })).body.id;
  await world.task(owner, residence_id, { title: 'late', due_date: '2026-03-06' });
  await world.task(owner, other, { title: 'soon', due_date: TODAY });
  const { body } = await world.send('GET', '/api/tasks/', owner);
  expect(Board.strict().parse(body)).toMatchObject({
    days_threshold: 30,
    today: TODAY,
    zone: 'UTC',
    residence_id: null,
  });
  expect(body.columns.map((c: { name: string; count: number }) => [c.name, c.count])).toEqual([
    ['overdue_tasks', 1],
    ['due_soon_tasks', 1],
    ['upcoming_tasks', 0],
    ['in_progress_tasks', 0],
    ['completed_tasks', 0],
  ]);
  const one = await world.send('GET', `/api/tasks/by-residence/${other}/?include=cancelled&days=1`, owner);
  expect(one.body).toMatchObject({ residence_id: other, days_threshold: 1 });
  expect(one.body.columns).toHaveLength(6);
  expect((await world.send('GET', `/api/tasks/?residence_id=${other}`, stranger)).status).toBe(404);
  expect((await world.send('GET', '/api/tasks/?days=366', owner)).status).toBe(400);
});

test('a column as a list: every task once, page by page', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.rows(
    `insert into task_task (residence_id, title, due_date, priority_id) select $1, 'T' || n,
       case when n % 4 = 0 then null else date '2026-06-01' + n % 3 end, nullif(n % 5, 0) from generate_series(1, 23) n`,
    [residence_id],
  );
  const board = await world.send('GET', '/api/tasks/', owner);
  const wanted = board.body.columns[2].tasks.map(({ id }: { id: number }) => id);
  const seen: number[] = [];
  let cursor = '';
  do {
    const { status, body } = await world.send(
      'GET',
      `/api/tasks/?column=upcoming_tasks&limit=4${cursor && `&cursor=${cursor}`}`,
      owner,
    );
    expect(status).toBe(200);
    seen.push(...body.results.map(({ id }: { id: number }) => id));
    cursor = body.next_cursor;
  } while (cursor);
  expect(seen).toEqual(wanted);
  for (const forged of [
    ['nonsense'],
    ['0000-01-01T00:00:00Z', null, 0, 1],
    [null, '0000-01-01', 0, 1],
    [null, null, -1, 1],
    [null, null, 3_000_000_000, 1],
  ]) {
    const path = `/api/tasks/?column=upcoming_tasks&cursor=${btoa(JSON.stringify(forged))}`;
    expect((await world.send('GET', path, owner)).status, `${forged}`).toBe(400);
  }
});

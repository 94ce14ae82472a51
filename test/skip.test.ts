import { expect } from 'vitest';
import { HistoryEntry } from '../domain/history.ts';
import { page } from '../domain/page.ts';
import { TaskWritten } from '../domain/task.ts';
import { NOW, type Person, test, type World } from './home.ts';
import { race } from './race.ts';

const MONTHLY = 5;

const skip = (world: World, by: Person, id: number, body?: object) =>
  world.send('POST', `/api/tasks/${id}/skip/`, by, body, { headers: { 'x-request-id': 'skip' } });

test('moves a recurring task on without a completion, and leaves its traces', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const more = { frequency_id: MONTHLY, schedule: 'fixed', due_date: '2026-01-31', in_progress: true };
  const { id } = await world.task(owner, residence_id, more);
  const first = await skip(world, member, id);
  expect(first.status).toBe(200);
  expect(TaskWritten.strict().parse(first.body).data).toMatchObject({
    next_due_date: '2026-02-28',
    due_date: '2026-01-31',
    in_progress: false,
    completion_count: 0,
    kanban_column: 'overdue_tasks',
  });
  expect(await world.rows(`select event from outbox where request_id = 'skip'`)).toEqual([
    { event: { type: 'task.skipped', residence_id, task_id: id } },
  ]);
  expect(
    await world.rows(`select target_type, action from audit_log where request_id = 'skip' order by target_type`),
  ).toEqual([
    { target_type: 'skip', action: 'created' },
    { target_type: 'task', action: 'updated' },
  ]);
  expect((await skip(world, owner, id)).body.data.next_due_date).toBe('2026-03-31');
  const done = { task_id: id, completed_at: '2026-03-07T08:00:00Z' };
  expect((await world.send('POST', '/api/task-completions/', owner, done)).body.task.next_due_date).toBe('2026-04-30');
});

test('from the open occurrence a from_completion task counts on', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { frequency_id: MONTHLY, due_date: '2026-01-10' });
  expect((await skip(world, owner, id)).body.data.next_due_date).toBe('2026-02-10');
});

test('two at once, or the same twice, skip one occurrence', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { frequency_id: MONTHLY });
  const path = `/api/tasks/${id}/skip/`;
  const answers = await race(world, [
    ['POST', path, owner],
    ['POST', path, member],
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 409]);
  expect(answers[1]?.body.code).toBe('occurrence_completed');
  expect((await skip(world, owner, id, { occurrence: '2026-03-07' })).body.code).toBe('occurrence_completed');
  expect((await skip(world, owner, id, { occurrence: '2026-04-07' })).body.data.next_due_date).toBe('2026-05-07');
  expect(await world.rows('select count(*)::int n from task_taskskip')).toEqual([{ n: 2 }]);
});

test('refuses a task that has nowhere to go, and one that is put aside', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  const once = await world.task(owner, residence_id, { due_date: '2026-04-01' });
  const refused = await skip(world, owner, once.id);
  expect([refused.status, refused.body.code]).toEqual([409, 'not_recurring']);
  const monthly = await world.task(owner, residence_id, { frequency_id: MONTHLY });
  await world.send('POST', `/api/tasks/${monthly.id}/archive/`, owner);
  expect((await skip(world, owner, monthly.id)).body.code).toBe('task_not_active');
  expect((await skip(world, viewer, monthly.id)).status).toBe(403);
  expect(await world.rows('select id from task_taskskip')).toEqual([]);
});

test('the history has completions and skips, the newest first, page by page', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { frequency_id: MONTHLY, due_date: '2026-01-10' });
  const complete = (completed_at: string) =>
    world.send('POST', '/api/task-completions/', owner, { task_id: id, completed_at });
  const { body } = await complete('2026-01-12T08:00:00Z');
  await skip(world, member, id);
  await complete('2026-02-20T08:00:00Z');
  await complete('2026-02-01T08:00:00Z');
  await world.rows(
    'insert into task_taskskip (task_id, residence_id, skipped_at, next_due_date) values ($1, $2, $3, $4)',
    [id, residence_id, '2026-02-01T08:00:00Z', '2026-03-01'],
  );
  const entries = [];
  for (let cursor = '', pages = 0; pages === 0 || (cursor && pages < 9); pages += 1) {
    const answer = await world.send('GET', `/api/tasks/${id}/history/?limit=2${cursor && `&cursor=${cursor}`}`, viewer);
    const { results, next_cursor } = page(HistoryEntry).strict().parse(answer.body);
    entries.push(...results);
    cursor = next_cursor ?? '';
  }
  expect(entries.map(({ type, at }) => [type, at])).toEqual([
    ['skip', NOW],
    ['completion', '2026-02-20T08:00:00.000Z'],
    ['skip', '2026-02-01T08:00:00.000Z'],
    ['completion', '2026-02-01T08:00:00.000Z'],
    ['completion', '2026-01-12T08:00:00.000Z'],
  ]);
  expect(entries[0]).toMatchObject({
    skip: { task_id: id, skipped_by_id: member.user_id, occurrence: '2026-02-12', next_due_date: '2026-03-12' },
  });
  expect(entries[4]).toMatchObject({ completion: body.data });
  const completions = await world.send('GET', `/api/tasks/${id}/completions/`, viewer);
  expect(completions.body.results).toEqual(
    entries.flatMap((entry) => (entry.type === 'completion' ? [entry.completion] : [])),
  );
});

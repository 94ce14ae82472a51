import fc from 'fast-check';
import { expect } from 'vitest';
import { COLUMNS, COMPLETED_SHOWN, type ColumnName } from '../domain/board.ts';
import { addInterval, civilDate } from '../domain/dates.ts';
import { STATIC_DATA } from '../domain/static-data.ts';
import { kanbanColumn, type TaskState } from '../domain/task.ts';
import { NOW, TODAY, test, type World } from './home.ts';

const SEED = 20260307;
const DAY_MS = 86_400_000;

type Shown = { name: ColumnName; count: number; tasks: { id: number }[] };

const date = fc.integer({ min: 0, max: 800 }).map((days) => addInterval('2025-06-01', days, 'day'));
const moment = fc.integer({ min: 0, max: 60 }).map((hours) => new Date(Date.UTC(2026, 1, 1, hours)).toISOString());
const often = (weight: number) => fc.integer({ min: 1, max: 100 }).map((n) => n <= weight);
const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { freq: 1 });

const task = fc
  .record({
    priority_id: maybe(fc.integer({ min: 1, max: 4 })),
    in_progress: often(20),
    due_date: maybe(date),
    next_due_date: maybe(date),
    is_cancelled: often(8),
    is_archived: often(8),
    completion_count: fc.integer({ min: 0, max: 3 }),
    completed_at: moment,
  })
  .map(({ completed_at, ...rest }) => ({
    ...rest,
    last_completed_at: rest.completion_count > 0 ? completed_at : null,
  }));
type Made = TaskState & { id: number; residence_id: number; priority_id: number | null };

/** Random tasks in one statement, past the API. Many share their dates, so that every part of the order decides. */
async function makeTasks(world: World, residence_id: number, seed = SEED): Promise<Made[]> {
  const made = fc.sample(task, { seed, numRuns: 300 });
  const ids = await world.rows(
    `insert into task_task (residence_id, title, priority_id, in_progress, due_date, next_due_date, is_cancelled, is_archived,
                            completion_count, last_completed_at)
     select $1, 'Task ' || n, priority_id, in_progress, due_date, next_due_date, is_cancelled, is_archived,
            completion_count, last_completed_at
     from rows from (json_to_recordset($2::json) as (priority_id bigint, in_progress boolean, due_date date,
       next_due_date date, is_cancelled boolean, is_archived boolean, completion_count int, last_completed_at timestamptz))
       with ordinality as t (priority_id, in_progress, due_date, next_due_date, is_cancelled, is_archived,
         completion_count, last_completed_at, n)
     order by n returning id::int`,
    [residence_id, JSON.stringify(made)],
  );
  const once = {
    frequency_id: null,
    custom_interval: null,
    custom_unit: null,
    schedule: 'fixed',
    anchor_date: null,
  } as const;
  return made.map((state, index) => ({ ...once, ...state, residence_id, id: ids[index].id }));
}

const level = (task: Made) => STATIC_DATA.task_priorities.find(({ id }) => id === task.priority_id)?.level ?? 0;
const effectiveDate = (task: Made) => task.next_due_date ?? task.due_date;
const NEVER = '9999-99-99';

/** The ids of a column as tasks.md orders them. */
function inOrder(tasks: Made[], column: ColumnName): number[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const newestFirst = (a: Made, b: Made) =>
    column === 'completed_tasks' ? compare(b.last_completed_at ?? '', a.last_completed_at ?? '') : 0;
  const sorted = tasks.toSorted(
    (a, b) =>
      newestFirst(a, b) ||
      compare(effectiveDate(a) ?? NEVER, effectiveDate(b) ?? NEVER) ||
      level(b) - level(a) ||
      a.id - b.id,
  );
  return sorted.map(({ id }) => id);
}

test('the board puts every task where the module does, in order', async ({ world }) => {
  const { viewer, residence_id, elsewhere } = await world.home();
  const tasks = await makeTasks(world, residence_id);
  await world.rows(`insert into task_task (residence_id, title) values ($1, 'Of others')`, [elsewhere]);
  const asked = fc.sample(fc.tuple(date, fc.integer({ min: 1, max: 365 })), { seed: SEED, numRuns: 20 });

  for (const [today, days] of [[TODAY, 1], [TODAY, 365], ...asked] as const) {
    const ports = { now: () => `${today}T12:00:00.000Z` };
    const path = `/api/tasks/?include=cancelled&days=${days}`;
    const { body } = await world.send('GET', path, viewer, undefined, { ports });
    expect([body.today, body.days_threshold]).toEqual([today, days]);
    const expected = COLUMNS.map(({ name }) => {
      const own = tasks.filter((task) => kanbanColumn(task, today, days) === name);
      const shown = name === 'completed_tasks' ? COMPLETED_SHOWN : own.length;
      return { name, count: own.length, ids: inOrder(own, name).slice(0, shown) };
    });
    const answered = body.columns.map(({ name, count, tasks }: Shown) => ({
      name,
      count,
      ids: tasks.map(({ id }) => id),
    }));
    expect(answered).toEqual(expected);
    for (const column of body.columns) {
      for (const task of column.tasks) expect(task.kanban_column).toBe(column.name);
    }
  }
});

test('of the completed the newest 50 are shown and all are counted; a list has them all', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const tasks = await makeTasks(world, residence_id);
  const completed = inOrder(
    tasks.filter((task) => kanbanColumn(task, TODAY) === 'completed_tasks'),
    'completed_tasks',
  );
  expect(completed.length).toBeGreaterThan(COMPLETED_SHOWN);
  const { body } = await world.send('GET', '/api/tasks/', owner);
  expect(body.columns.map(({ name }: { name: string }) => name)).toEqual(COLUMNS.slice(0, 5).map(({ name }) => name));
  expect(body.columns[4].count).toBe(completed.length);
  expect(body.columns[4].tasks.map(({ id }: { id: number }) => id)).toEqual(completed.slice(0, 50));

  for (const { name } of COLUMNS) {
    const listed: number[] = [];
    let cursor = '';
    for (let page = 0; page < 50 && (page === 0 || cursor); page += 1) {
      const path = `/api/tasks/?column=${name}&limit=17${cursor && `&cursor=${cursor}`}`;
      const { body } = await world.send('GET', path, owner);
      listed.push(...body.results.map(({ id }: { id: number }) => id));
      cursor = body.next_cursor ?? '';
    }
    expect(listed, name).toEqual(
      inOrder(
        tasks.filter((task) => kanbanColumn(task, TODAY) === name),
        name,
      ),
    );
  }
});

/** Random completions in one statement, half of them about the edge of the last 30 days. Answers the tasks as they are then. */
async function completeSome(world: World, tasks: Made[]): Promise<{ tasks: Made[]; moments: string[] }> {
  const ago_ms = fc.oneof(
    fc.integer({ min: 0, max: 60 * DAY_MS }),
    fc.integer({ min: 30 * DAY_MS - 1, max: 30 * DAY_MS + 1 }),
  );
  const completion = fc.record({ task: fc.constantFrom(...tasks), ago_ms });
  const made = fc.sample(completion, { seed: SEED, numRuns: 200 }).map(({ task: { id, residence_id }, ago_ms }) => ({
    task_id: id,
    residence_id,
    completed_at: new Date(Date.parse(NOW) - ago_ms).toISOString(),
  }));
  await world.rows(
    `insert into task_taskcompletion (task_id, residence_id, completed_at)
     select * from json_to_recordset($1::json) as (task_id bigint, residence_id bigint, completed_at timestamptz)`,
    [JSON.stringify(made)],
  );
  const history = Map.groupBy(made, ({ task_id }) => task_id);
  const after = tasks.map((task) => {
    const moments = (history.get(task.id) ?? []).map(({ completed_at }) => completed_at).toSorted();
    if (moments.length === 0) return task;
    return { ...task, completion_count: moments.length, last_completed_at: moments.at(-1) ?? null };
  });
  return { tasks: after, moments: made.map(({ completed_at }) => completed_at) };
}

test('the summary counts what the module counts, in all homes of the caller', async ({ world }) => {
  const { owner, residence_id, elsewhere } = await world.home();
  const second: number = (await world.send('POST', '/api/residences/', owner, { name: 'Cabin' })).body.id;
  const made = [...(await makeTasks(world, residence_id)), ...(await makeTasks(world, second, SEED + 1))];
  const { tasks, moments } = await completeSome(world, made);
  await completeSome(world, await makeTasks(world, elsewhere));

  for (const [now, zone] of [
    [NOW, 'UTC'],
    [NOW, 'Pacific/Kiritimati'],
    ['2026-03-29T01:00:00.000Z', 'America/Nuuk'],
    ['2025-12-31T23:59:59.999Z', 'UTC'],
    ['2027-01-01T00:00:00.000Z', 'America/Chicago'],
  ] as const) {
    const path = `/api/tasks/${tasks[0]?.id}/`;
    const sending = { headers: { 'x-timezone': zone }, ports: { now: () => now } };
    const { status, body } = await world.send('PATCH', path, owner, { title: now }, sending);
    expect(status).toBe(200);
    const columns = tasks.map((task) => kanbanColumn(task, civilDate(now, zone)));
    const open = tasks.filter((_, index) => !['completed_tasks', 'cancelled_tasks'].includes(columns[index] ?? ''));
    expect(body.summary).toEqual({
      total_residences: 2,
      total_tasks: 600,
      tasks_by_column: Object.fromEntries(
        COLUMNS.map(({ name }) => [name, columns.filter((column) => column === name).length]),
      ),
      completed_last_30_days: moments.filter((at) => Date.parse(at) > Date.parse(now) - 30 * DAY_MS).length,
      next_due_date: open.flatMap((task) => effectiveDate(task) ?? []).toSorted()[0] ?? null,
    });
  }
});

import { describe, expect, test } from 'vitest';
import { addInterval } from './dates.ts';
import { STATIC_DATA } from './static-data.ts';
import {
  afterCompletion,
  datesAfterEdit,
  firstDates,
  kanbanColumn,
  NewTask,
  TaskChange,
  type TaskState,
} from './task.ts';

const TODAY = '2026-03-07';
const MONTHLY = 5;
const ONCE = 1;

const plain: TaskState = {
  frequency_id: null,
  custom_interval: null,
  custom_unit: null,
  schedule: 'from_completion',
  in_progress: false,
  due_date: null,
  next_due_date: null,
  anchor_date: null,
  is_cancelled: false,
  is_archived: false,
  completion_count: 0,
  last_completed_at: null,
};

describe('kanbanColumn: the first match wins', () => {
  const everything = { is_cancelled: true, completion_count: 1, in_progress: true, due_date: '2026-01-01' };
  test.each<[string, Partial<TaskState>]>([
    ['cancelled_tasks', everything],
    ['cancelled_tasks', { ...everything, is_cancelled: false, is_archived: true }],
    ['completed_tasks', { ...everything, is_cancelled: false }],
    ['in_progress_tasks', { ...everything, is_cancelled: false, completion_count: 0 }],
    ['in_progress_tasks', { in_progress: true }],
    ['overdue_tasks', { due_date: '2026-03-06' }],
    ['due_soon_tasks', { due_date: '2026-03-07' }],
    ['due_soon_tasks', { due_date: '2026-04-05' }],
    ['upcoming_tasks', { due_date: '2026-04-06' }],
    ['upcoming_tasks', {}],
    ['due_soon_tasks', { due_date: '2026-01-01', next_due_date: '2026-03-07' }],
    ['overdue_tasks', { due_date: '2026-03-07', next_due_date: '2026-03-01', completion_count: 3 }],
    ['completed_tasks', { completion_count: 1 }],
  ])('%s: %j', (column, state) => expect(kanbanColumn({ ...plain, ...state }, TODAY)).toBe(column));

  test('soon is as near as was asked', () => {
    expect(kanbanColumn({ ...plain, due_date: TODAY }, TODAY, 1)).toBe('due_soon_tasks');
    expect(kanbanColumn({ ...plain, due_date: '2026-03-08' }, TODAY, 1)).toBe('upcoming_tasks');
    expect(kanbanColumn({ ...plain, due_date: '2027-03-06' }, TODAY, 365)).toBe('due_soon_tasks');
    expect(kanbanColumn({ ...plain, due_date: '2027-03-07' }, TODAY, 365)).toBe('upcoming_tasks');
  });
});

test('how often comes from the look-up row, or is the task’s own', () => {
  const after = (more: Partial<TaskState>) =>
    afterCompletion({ ...plain, ...more }, '2026-03-07T15:00:00.000Z', TODAY)?.next_due_date;
  expect(after({})).toBeNull();
  expect(after({ frequency_id: ONCE })).toBeNull();
  expect(after({ frequency_id: 999 })).toBeNull();
  expect(after({ custom_interval: 9, custom_unit: 'week' })).toBe(addInterval(TODAY, 9, 'week'));
  for (const { id, interval, unit } of STATIC_DATA.task_frequencies) {
    const next = interval === null || unit === null ? null : addInterval(TODAY, interval, unit);
    expect(after({ frequency_id: id })).toBe(next);
  }
});

describe('dates', () => {
  const dates = (due_date: string | null, next_due_date = due_date, anchor_date = due_date) => ({
    due_date,
    next_due_date,
    anchor_date,
  });

  test('of a new task', () => {
    const due_date = '2026-05-01';
    expect(firstDates(plain, TODAY)).toEqual(dates(null));
    expect(firstDates({ ...plain, due_date }, TODAY)).toEqual(dates(due_date, null));
    expect(firstDates({ ...plain, frequency_id: MONTHLY, due_date }, TODAY)).toEqual(dates(due_date));
    expect(firstDates({ ...plain, frequency_id: MONTHLY }, TODAY)).toEqual(dates(TODAY));
  });

  test('of an edited task', () => {
    const monthly = { ...plain, frequency_id: MONTHLY, ...dates('2026-01-31', '2026-03-31', '2026-01-31') };
    const kept = dates('2026-01-31', '2026-03-31', '2026-01-31');
    expect(datesAfterEdit(monthly, monthly, TODAY)).toEqual(kept);
    expect(datesAfterEdit(monthly, { ...monthly, due_date: '2026-04-02' }, TODAY)).toEqual(dates('2026-04-02'));
    expect(datesAfterEdit(monthly, { ...monthly, due_date: null }, TODAY)).toEqual(dates(TODAY));
    expect(datesAfterEdit(monthly, { ...monthly, frequency_id: null }, TODAY)).toEqual(kept);
    const once = { ...plain, ...dates('2026-05-01', null) };
    expect(datesAfterEdit(once, { ...once, frequency_id: MONTHLY }, TODAY)).toEqual(dates('2026-05-01'));
    expect(datesAfterEdit(plain, { ...plain, frequency_id: MONTHLY }, TODAY)).toEqual(dates(TODAY));
  });

  test('of an open task with a history: it stays open', () => {
    const monthly = { ...plain, frequency_id: MONTHLY, completion_count: 2, ...dates('2026-01-31', '2026-03-31') };
    const once = { ...monthly, frequency_id: null };
    const due_date = '2026-05-01';
    expect(datesAfterEdit(monthly, { ...once, due_date }, TODAY)).toEqual(dates(due_date));
    expect(datesAfterEdit(once, { ...once, due_date }, TODAY)).toEqual(dates(due_date));
    expect(datesAfterEdit(once, { ...once, due_date: null }, TODAY)).toEqual(dates(null, '2026-03-31', null));
    const completed = { ...once, next_due_date: null };
    expect(datesAfterEdit(completed, { ...completed, due_date }, TODAY)).toEqual(dates(due_date, null));
    expect(datesAfterEdit(completed, { ...completed, due_date, frequency_id: MONTHLY }, TODAY)).toEqual(
      dates(due_date),
    );
  });
});

describe('afterCompletion', () => {
  const moment = '2026-03-07T15:00:00.000Z';
  const monthly: TaskState = {
    ...plain,
    frequency_id: MONTHLY,
    in_progress: true,
    due_date: '2026-01-31',
    next_due_date: '2026-02-28',
    anchor_date: '2026-01-31',
  };

  test('ends a one-time task', () => {
    const done = afterCompletion({ ...plain, due_date: TODAY, in_progress: true }, moment, TODAY);
    expect(done).toEqual({ in_progress: false, next_due_date: null });
  });

  test('moves a recurring task on, out of progress', () => {
    expect(afterCompletion(monthly, moment, TODAY)).toEqual({ in_progress: false, next_due_date: '2026-04-07' });
    const fixed = afterCompletion({ ...monthly, schedule: 'fixed' }, moment, TODAY);
    expect(fixed).toEqual({ in_progress: false, next_due_date: '2026-03-31' });
  });

  test('counts from the first due date where there is no next one', () => {
    const due = { ...monthly, schedule: 'fixed' as const, next_due_date: null, anchor_date: null };
    expect(afterCompletion(due, moment, '2026-01-15')?.next_due_date).toBe('2026-02-28');
  });

  test('an older completion changes nothing, one of the same moment counts', () => {
    const task = { ...monthly, completion_count: 1, last_completed_at: moment };
    expect(afterCompletion(task, '2026-03-07T14:59:59.999Z', TODAY)).toBeNull();
    expect(afterCompletion(task, '2026-03-07T16:00:00+02:00', TODAY)).toBeNull();
    expect(afterCompletion(task, '2026-03-07T17:00:00+02:00', TODAY)).not.toBeNull();
    expect(afterCompletion(task, moment, TODAY)).not.toBeNull();
  });
});

describe('what may be sent', () => {
  const parse = (more: object) => NewTask.safeParse({ residence_id: 1, title: 'Filter', ...more });
  test.each<[object, string[]]>([
    [{}, []],
    [{ frequency_id: 5 }, []],
    [{ custom_interval: 2, custom_unit: 'week' }, []],
    [{ custom_interval: 2 }, ['custom_unit']],
    [{ custom_unit: 'week' }, ['custom_interval']],
    [{ frequency_id: 5, custom_interval: 2, custom_unit: 'week' }, ['frequency_id']],
    [{ custom_interval: 0, custom_unit: 'week' }, ['custom_interval']],
    [{ custom_interval: 1001, custom_unit: 'week' }, ['custom_interval']],
    [{ custom_interval: 1.5, custom_unit: 'week' }, ['custom_interval']],
    [{ custom_interval: 2, custom_unit: 'hour' }, ['custom_unit']],
    [{ title: '   ' }, ['title']],
    [{ title: 'x'.repeat(201) }, ['title']],
    [{ due_date: '2026-02-29' }, ['due_date']],
    [{ due_date: '1899-12-31' }, ['due_date']],
    [{ due_date: '3000-01-01' }, ['due_date']],
    [{ due_date: '2026-03-07T00:00:00Z' }, ['due_date']],
    [{ schedule: 'sometimes' }, ['schedule']],
    [{ estimated_cost: '12.505' }, ['estimated_cost']],
    [{ estimated_cost: -1 }, ['estimated_cost']],
  ])('%j: %j', (more, fields) => {
    expect((parse(more).error?.issues ?? []).map(({ path }) => path[0])).toEqual(fields);
  });

  test('money is kept as text, a change without defaults', () => {
    expect(parse({ estimated_cost: 12.5 }).data?.estimated_cost).toBe('12.50');
    expect(TaskChange.parse({ title: ' New ' })).toEqual({ title: 'New' });
  });
});

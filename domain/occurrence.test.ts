import { describe, expect, test } from 'vitest';
import { afterSkip, afterUndo, OccurrenceCount, occurrencesOf } from './occurrence.ts';
import { afterCompletion, isCompleted, type TaskState } from './task.ts';

const MONTHLY = 5;

const once: TaskState = {
  frequency_id: null,
  custom_interval: null,
  custom_unit: null,
  schedule: 'from_completion',
  in_progress: true,
  due_date: '2026-01-31',
  next_due_date: null,
  anchor_date: '2026-01-31',
  is_cancelled: false,
  is_archived: false,
  completion_count: 0,
  last_completed_at: null,
};
const monthly: TaskState = { ...once, frequency_id: MONTHLY, next_due_date: '2026-02-28' };
const fixed: TaskState = { ...monthly, schedule: 'fixed' };
const completed: TaskState = { ...once, completion_count: 1, last_completed_at: '2026-01-30T15:00:00.000Z' };
const refused = expect.objectContaining({ code: 'not_recurring' });

describe('occurrencesOf', () => {
  test.each<[string, TaskState, string[]]>([
    ['fixed', fixed, ['2026-02-28', '2026-03-31', '2026-04-30']],
    ['from_completion', monthly, ['2026-02-28', '2026-03-28', '2026-04-28']],
    [
      'its own interval',
      { ...once, custom_interval: 9, custom_unit: 'day' },
      ['2026-01-31', '2026-02-09', '2026-02-18'],
    ],
    ['once', once, ['2026-01-31']],
    ['once and completed', completed, []],
    ['undated', { ...once, due_date: null }, []],
  ])('%s', (_name, task, dates) => expect(occurrencesOf(task, 3)).toEqual(dates));

  test.each([
    [undefined, 12],
    ['1', 1],
    ['100', 100],
    ['0', null],
    ['101', null],
    ['1.5', null],
    ['all', null],
  ])('a count of %s is %s', (text, count) => expect(OccurrenceCount.safeParse(text).data ?? null).toBe(count));
});

describe('afterSkip', () => {
  test('opens the occurrence after the open one, which nobody has begun', () => {
    expect(afterSkip(fixed)).toEqual({ in_progress: false, next_due_date: '2026-03-31' });
    expect(afterSkip(monthly)).toEqual({ in_progress: false, next_due_date: '2026-03-28' });
    expect(afterSkip({ ...fixed, next_due_date: null })).toEqual({ in_progress: false, next_due_date: '2026-02-28' });
  });

  test('goes on from skip to skip along the series', () => {
    const skipped = ['2026-02-28'];
    while (skipped.length < 4) skipped.push(afterSkip({ ...fixed, next_due_date: skipped.at(-1) ?? '' }).next_due_date);
    expect(skipped).toEqual(['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']);
  });

  test.each<[string, TaskState]>([
    ['once', once],
    ['once and completed', completed],
    ['undated', { ...once, due_date: null }],
    ['recurring, undated', { ...monthly, due_date: null, next_due_date: null }],
    ['recurring, completed', { ...completed, frequency_id: MONTHLY }],
    ['at the end of all dates', { ...monthly, next_due_date: '9999-12-31' }],
  ])('refuses a task that has nowhere to go: %s', (_name, task) => {
    expect(() => afterSkip(task)).toThrow(refused);
  });
});

describe('afterUndo', () => {
  type Completion = {
    id: number;
    completed_at: string;
    occurrence: string | null;
    previous_next_due_date: string | null;
  };

  /** What completing a task keeps, and leaves behind. */
  function complete(task: TaskState, id: number, completed_at: string): { kept: Completion; after: TaskState } {
    const moved = afterCompletion(task, completed_at, completed_at.slice(0, 10));
    const newest = [task.last_completed_at ?? '', completed_at].toSorted().at(-1) ?? '';
    const history = { completion_count: task.completion_count + 1, last_completed_at: newest };
    const kept = moved
      ? { occurrence: task.next_due_date ?? task.due_date, previous_next_due_date: task.next_due_date }
      : { occurrence: null, previous_next_due_date: null };
    return { kept: { id, completed_at, ...kept }, after: { ...task, ...history, ...moved } };
  }

  test('of the newest brings back the date from before it, one after the other', () => {
    const first = complete(fixed, 1, '2026-02-27T15:00:00.000Z');
    const second = complete(first.after, 2, '2026-03-30T15:00:00.000Z');
    expect([first.after.next_due_date, second.after.next_due_date]).toEqual(['2026-03-31', '2026-04-30']);
    expect(afterUndo(second.kept, 2)).toEqual({ next_due_date: '2026-03-31' });
    expect(afterUndo(first.kept, 1)).toEqual({ next_due_date: '2026-02-28' });
  });

  test('of an older one changes nothing', () => {
    const first = complete(fixed, 1, '2026-02-27T15:00:00.000Z');
    expect(afterUndo(first.kept, 2)).toBeNull();
  });

  test('of one that was sent late brings nothing back, even once it is the newest', () => {
    const first = complete(monthly, 1, '2026-02-27T15:00:00.000Z');
    const late = complete(first.after, 2, '2026-02-27T09:00:00.000Z');
    expect(late.after.next_due_date).toBe(first.after.next_due_date);
    expect(afterUndo(first.kept, 1)).toEqual({ next_due_date: '2026-02-28' });
    expect(afterUndo(late.kept, 2)).toBeNull();
  });

  test('opens a one-time task again on its due date', () => {
    const { kept, after } = complete(once, 1, '2026-01-30T15:00:00.000Z');
    expect(isCompleted(after)).toBe(true);
    const undone = { ...after, completion_count: 0, ...afterUndo(kept, 1) };
    expect([isCompleted(undone), occurrencesOf(undone, 3)]).toEqual([false, ['2026-01-31']]);
  });

  test('opens a task that became one-time again on the date that was open', () => {
    const { kept, after } = complete(
      { ...monthly, frequency_id: null, completion_count: 3 },
      4,
      '2026-02-27T15:00:00Z',
    );
    expect(isCompleted(after)).toBe(true);
    expect(afterUndo(kept, 4)).toEqual({ next_due_date: '2026-02-28' });
  });

  test('of an undated one-time task needs no date', () => {
    const { kept, after } = complete({ ...once, due_date: null }, 1, '2026-01-30T15:00:00.000Z');
    expect(isCompleted(after)).toBe(true);
    expect(afterUndo(kept, 1)).toBeNull();
  });
});

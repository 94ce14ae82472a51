import * as z from 'zod';
import { AppError } from './errors.ts';
import { upcomingDates } from './recurrence.ts';
import { isCompleted, seriesOf, type TaskState } from './task.ts';

/** How many occurrences a preview shows; reads a query's text. */
export const OccurrenceCount = z.coerce.number().int().min(1).max(100).default(12);

export const Occurrences = z.object({ dates: z.array(z.iso.date()) }).meta({ id: 'Occurrences' });

/** The open occurrence of a task and those after it: one for a one-time task, none for a completed or undated one. */
export const occurrencesOf = (task: TaskState, count: number): string[] =>
  isCompleted(task) ? [] : upcomingDates(seriesOf(task), count);

/** What skipping the open occurrence changes on its task: the next one opens, and nobody has begun it. */
export function afterSkip(task: TaskState) {
  const [, next_due_date] = occurrencesOf(task, 2);
  if (next_due_date === undefined) throw new AppError('not_recurring', 'The task has no later occurrence to skip to.');
  return { in_progress: false, next_due_date };
}

/** What a completion keeps of the task as it was before. Both dates are null if it only joined the history. */
type Kept = { id: number; occurrence: string | null; previous_next_due_date: string | null };

/**
 * What deleting a completion changes on its task, or null if it changes no date: an older one does not, nor one that was
 * sent late and moved none. `newest_id` is the task's newest completion, by `completed_at` and then `id`. A one-time task
 * gets its null back; without the completion it is open again on its due date.
 */
export function afterUndo({ id, occurrence, previous_next_due_date }: Kept, newest_id: number) {
  const hasMovedDates = occurrence !== null || previous_next_due_date !== null;
  return id === newest_id && hasMovedDates ? { next_due_date: previous_next_due_date } : null;
}

import { AppError } from '../../domain/errors.ts';
import type { TaskState } from '../../domain/task.ts';

/** Nothing happens to the occurrences of a task that is put aside. */
export function refuseInactive({ is_cancelled, is_archived }: TaskState): void {
  if (is_cancelled || is_archived) {
    throw new AppError('task_not_active', 'The task is cancelled or archived. Bring it back first.');
  }
}

/** The occurrence that the client saw, if it said, must be the one that is open. */
export function refuseAnother(
  { effective_date }: { effective_date: string | null },
  seen: string | null | undefined,
): void {
  if (seen && seen !== effective_date) {
    throw new AppError('occurrence_completed', 'That occurrence is no longer the open one.');
  }
}

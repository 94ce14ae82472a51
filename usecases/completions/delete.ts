import { completionDeleted, deleteCompletion, findCompletion } from '../../db/completions.ts';
import { expectUnmoved } from '../../db/guard.ts';
import { updateTask } from '../../db/tasks.ts';
import { afterUndo } from '../../domain/occurrence.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Undoes a completion: with the newest of its task the dates from before it come back. */
export async function removeCompletion(ctx: Context, completion_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findCompletion(db, who, completion_id),
    roles: ['owner', 'member'],
    decide({ residence_id, task_id, completion, newest_id, task_row_version, row_version }) {
      const dates = afterUndo(completion, newest_id);
      return {
        guard: { residence_id, roles: ['owner', 'member'] },
        expected: { table: 'task_taskcompletion', id: completion_id, row_version },
        changes: [
          // Which completion is the newest is the task's to say, and moves its row.
          expectUnmoved(db, { table: 'task_task', id: task_id, row_version: task_row_version }),
          deleteCompletion(db, completion_id),
          ...(dates ? [updateTask(db, task_id, dates)] : []),
        ],
        event: { type: 'completion.deleted', residence_id, task_id, completion_id },
        status: 200,
        answer: completionDeleted(who, task_id),
      };
    },
  });
}

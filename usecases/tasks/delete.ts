import { deleteTask, findTask } from '../../db/tasks.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Deletes a task with its history. */
export async function removeTask(ctx: Context, task_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findTask(db, who, task_id),
    roles: ['owner', 'member'],
    decide: ({ task: { residence_id }, row_version }) => ({
      guard: { residence_id, roles: ['owner', 'member'] },
      expected: { table: 'task_task', id: task_id, row_version },
      changes: [deleteTask(db, task_id)],
      event: { type: 'task.deleted', residence_id, task_id },
      status: 204,
    }),
  });
}

import { sql } from 'drizzle-orm';
import { addSkip } from '../../db/skips.ts';
import { findTask, taskWritten, updateTask } from '../../db/tasks.ts';
import type { NewSkip } from '../../domain/history.ts';
import { afterSkip } from '../../domain/occurrence.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { refuseAnother, refuseInactive } from './refuse.ts';

/** Moves a recurring task on without a completion. */
export async function skipTask(ctx: Context, task_id: number, { occurrence }: NewSkip) {
  const { db, who } = ctx;
  let seen = occurrence;

  return await change(ctx, {
    find: () => findTask(db, who, task_id),
    roles: ['owner', 'member'],
    decide({ task, row_version }) {
      const { residence_id, effective_date } = task;
      refuseInactive(task);
      refuseAnother(task, seen);
      const next = afterSkip(task);
      // If somebody is faster, the second look must find the occurrence that this skip was meant for.
      seen ??= effective_date;
      const skip = {
        task_id,
        residence_id,
        skipped_by_id: sql`hd_me()`,
        skipped_at: who.now,
        occurrence: effective_date,
        next_due_date: next.next_due_date,
      };
      return {
        guard: { residence_id, roles: ['owner', 'member'] },
        expected: { table: 'task_task', id: task_id, row_version },
        changes: [addSkip(db, skip), updateTask(db, task_id, next)],
        event: { type: 'task.skipped', residence_id, task_id },
        status: 200,
        answer: taskWritten(who, task_id),
      };
    },
  });
}

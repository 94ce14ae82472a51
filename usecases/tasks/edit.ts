import { sql } from 'drizzle-orm';
import type { EventDraft } from '../../db/outbox.ts';
import { type FoundTask, findTask, taskWritten, updateTask } from '../../db/tasks.ts';
import { invalid } from '../../domain/errors.ts';
import { datesAfterEdit, missingHalf, type TaskChange } from '../../domain/task.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** PUT and PATCH: a replacement names every field, a change those that it changes. */
export async function editTask(ctx: Context, task_id: number, { residence_id: named, ...edit }: TaskChange) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findTask(db, who, task_id),
    roles: ['owner', 'member'],
    decide({ task, today, row_version }) {
      const { residence_id } = task;
      if (named !== undefined && named !== residence_id) throw invalid('residence_id', 'A task stays in its home.');
      const fields = { ...edit, ...otherFrequency(edit) };
      const complaint = missingHalf({ ...task, ...fields });
      if (complaint) throw invalid(...complaint);
      return {
        guard: { residence_id, roles: ['owner', 'member'] },
        expected: { table: 'task_task', id: task_id, row_version },
        changes: [updateTask(db, task_id, { ...fields, ...datesAfterEdit(task, { ...task, ...fields }, today) })],
        event: eventOf(task, edit, { residence_id, task_id }),
        status: 200,
        answer: taskWritten(who, task_id),
      };
    },
  });
}

/** It is assigned to somebody who had it not; that a task has nobody now is no news to anybody. */
function eventOf(before: FoundTask['task'], { assigned_to_id }: TaskChange, ids: Ids): EventDraft {
  if (assigned_to_id == null || assigned_to_id === before.assigned_to_id) return { type: 'task.updated', ...ids };
  return { type: 'task.assigned', ...ids, assigned_to_id, assigned_by_id: sql`hd_me()` };
}

type Ids = { residence_id: number; task_id: number };

/** A new frequency takes the place of a custom interval, and the other way round. */
function otherFrequency({ frequency_id, custom_interval }: TaskChange): TaskChange {
  if (frequency_id != null) return { custom_interval: null, custom_unit: null };
  return custom_interval != null ? { frequency_id: null } : {};
}

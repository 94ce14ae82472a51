import { sql } from 'drizzle-orm';
import { addTasks, newTaskId, taskWritten } from '../../db/tasks.ts';
import { makeRoom } from '../../db/tiers.ts';
import { todayOf } from '../../db/who.ts';
import { firstDates, type NewTask } from '../../domain/task.ts';
import { commit } from '../commit.ts';
import type { Context } from '../ports.ts';

export async function createTask(ctx: Context, input: NewTask) {
  const { db, who } = ctx;
  const { residence_id, assigned_to_id } = input;
  const given = assigned_to_id === null ? {} : { assigned_to_id };
  const task = { ...input, ...firstDates(input, todayOf(who)), created_by_id: sql`hd_me()` };
  return await commit(ctx, {
    guard: { residence_id, roles: ['owner', 'member'] },
    changes: [makeRoom(db, 'tasks', residence_id, 1), addTasks(db, [task])],
    event: { type: 'task.created', residence_id, task_id: newTaskId, ...given },
    status: 201,
    answer: taskWritten(who, newTaskId),
  });
}

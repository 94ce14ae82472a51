import { sql } from 'drizzle-orm';
import { addTasks, newTaskIds, tasksWritten } from '../../db/tasks.ts';
import { makeRoom } from '../../db/tiers.ts';
import { todayOf } from '../../db/who.ts';
import { firstDates, type NewTasks } from '../../domain/task.ts';
import { commit } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Makes several tasks in one home, or none of them. */
export async function createTasks(ctx: Context, { residence_id, tasks }: NewTasks) {
  const { db, who } = ctx;
  const today = todayOf(who);
  const values = tasks.map((task) => ({
    ...task,
    ...firstDates(task, today),
    residence_id,
    created_by_id: sql`hd_me()`,
  }));
  const ids = newTaskIds(residence_id);
  return await commit(ctx, {
    guard: { residence_id, roles: ['owner', 'member'] },
    changes: [makeRoom(db, 'tasks', residence_id, tasks.length), addTasks(db, values)],
    event: { type: 'tasks.created', residence_id, task_ids: sql`to_jsonb(${ids})` },
    status: 201,
    answer: tasksWritten(who, ids),
  });
}

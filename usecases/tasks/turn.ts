import { findTask, taskWritten, updateTask } from '../../db/tasks.ts';
import type { Event } from '../../domain/event.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** The states of a task that are a switch: what each verb sets, and the fact that it leaves behind. */
const TURNS = {
  'mark-in-progress': { set: { in_progress: true }, type: 'task.started' },
  'clear-in-progress': { set: { in_progress: false }, type: 'task.stopped' },
  cancel: { set: { is_cancelled: true, in_progress: false }, type: 'task.cancelled' },
  uncancel: { set: { is_cancelled: false }, type: 'task.uncancelled' },
  archive: { set: { is_archived: true, in_progress: false }, type: 'task.archived' },
  unarchive: { set: { is_archived: false }, type: 'task.unarchived' },
} satisfies Record<string, { set: Parameters<typeof updateTask>[2]; type: Event['type'] }>;

export type Turn = keyof typeof TURNS;
export const TURN_NAMES = Object.keys(TURNS) as Turn[];

/** Turns one of a task's switches. Turning it the way that it stands is no error: phones retry. */
export async function turnTask(ctx: Context, task_id: number, turn: Turn) {
  const { db, who } = ctx;
  const { set, type } = TURNS[turn];
  return await change(ctx, {
    find: () => findTask(db, who, task_id),
    roles: ['owner', 'member'],
    decide: ({ task: { residence_id }, row_version }) => ({
      guard: { residence_id, roles: ['owner', 'member'] },
      expected: { table: 'task_task', id: task_id, row_version },
      changes: [updateTask(db, task_id, set)],
      event: { type, residence_id, task_id },
      status: 200,
      answer: taskWritten(who, task_id),
    }),
  });
}

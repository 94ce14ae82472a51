import { sql } from 'drizzle-orm';
import { addCompletion, completionWritten, newCompletionId } from '../../db/completions.ts';
import { type FoundTask, foundTask, updateTask } from '../../db/tasks.ts';
import { withUploads } from '../../db/uploads.ts';
import type { NewCompletion } from '../../domain/completion.ts';
import { civilDate } from '../../domain/dates.ts';
import { AppError, invalid } from '../../domain/errors.ts';
import { afterCompletion, isCompleted } from '../../domain/task.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';
import { claim } from '../uploads/claim.ts';
import { refuseAnother, refuseInactive } from './refuse.ts';

/** How far a phone's clock may run ahead. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

type Done = Pick<NewCompletion, 'task_id' | 'completed_at' | 'occurrence'> & Partial<NewCompletion>;

export async function completeTask(
  ctx: Context,
  { task_id, occurrence, upload_ids = [], ...input }: Done,
  status: 200 | 201 = 201,
) {
  const { db, who } = ctx;
  const completed_at = atMostNow(input.completed_at, who.now);
  let seen = occurrence;

  return await change(ctx, {
    find: () => withUploads<FoundTask>(db, who, 'completion', upload_ids, foundTask(who, task_id)),
    roles: ['owner', 'member'],
    async decide({ task, zone, row_version, uploads }) {
      const { residence_id, effective_date } = task;
      refuseInactive(task);
      if (isCompleted(task)) throw new AppError('already_completed', 'The task is completed.');
      refuseAnother(task, seen);
      const next = afterCompletion(task, completed_at, civilDate(completed_at, zone));
      // If somebody is faster, the second look must find the occurrence that this completion was meant for.
      if (next) seen ??= effective_date;
      const completion = {
        ...input,
        completed_at,
        task_id,
        residence_id,
        completed_by_id: sql`hd_me()`,
        occurrence: next && effective_date,
        previous_next_due_date: next && task.next_due_date,
      };
      const photos = { category: 'completion', parent: newCompletionId, upload_ids, uploads } as const;
      return {
        guard: { residence_id, roles: ['owner', 'member'] },
        expected: { table: 'task_task', id: task_id, row_version },
        changes: [
          addCompletion(db, completion),
          ...(await claim(ctx, photos)),
          ...(next ? [updateTask(db, task_id, next)] : []),
        ],
        event: { type: 'task.completed', residence_id, task_id, completion_id: newCompletionId },
        status,
        answer: completionWritten(who, newCompletionId, task_id),
      };
    },
  });
}

function atMostNow(moment: string, now: string): string {
  const ahead_ms = Date.parse(moment) - Date.parse(now);
  if (ahead_ms > CLOCK_TOLERANCE_MS) throw invalid('completed_at', 'Must not be in the future.');
  return ahead_ms > 0 ? now : new Date(moment).toISOString();
}

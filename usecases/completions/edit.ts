import { completionWritten, findCompletion, updateCompletion } from '../../db/completions.ts';
import type { CompletionChange } from '../../domain/completion.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

export async function editCompletion(ctx: Context, completion_id: number, edit: CompletionChange) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findCompletion(db, who, completion_id),
    roles: ['owner', 'member'],
    decide: ({ residence_id, task_id, row_version }) => ({
      guard: { residence_id, roles: ['owner', 'member'] },
      expected: { table: 'task_taskcompletion', id: completion_id, row_version },
      changes: Object.keys(edit).length > 0 ? [updateCompletion(db, completion_id, edit)] : [],
      event: { type: 'completion.updated', residence_id, task_id, completion_id },
      status: 200,
      answer: completionWritten(who, completion_id, task_id),
    }),
  });
}

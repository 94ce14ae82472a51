import { type Answered, tagValue } from '../../db/answer.ts';
import { type FoundTask, findTask } from '../../db/tasks.ts';
import { occurrencesOf } from '../../domain/occurrence.ts';
import { ask, nothingHere } from '../ask.ts';
import type { Context } from '../ports.ts';

/** The dates that a task comes next, as long as none is completed. */
export async function previewTask(ctx: Context, task_id: number, count: number): Promise<Answered> {
  const [row] = await ask<[{ found: FoundTask }]>(ctx, findTask(ctx.db, ctx.who, task_id));
  if (!row) throw nothingHere();
  return tagValue({ dates: occurrencesOf(row.found.task, count) }, ctx.known);
}

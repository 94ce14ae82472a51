import type { QuickCompletion } from '../../domain/completion.ts';
import type { Context } from '../ports.ts';
import { completeTask } from './complete.ts';

/** Completes a task with one tap: now, unless it says when. */
export const quickCompleteTask = (ctx: Context, task_id: number, { completed_at, occurrence }: QuickCompletion) =>
  completeTask(ctx, { task_id, completed_at: completed_at ?? ctx.who.now, occurrence }, 200);

import type { Answered } from '../../db/answer.ts';
import { findDeadLetter } from '../../db/dead-letters.ts';
import { askAsAdmin } from '../ask-as-admin.ts';
import type { AdminContext } from '../enter-admin.ts';

/** One of them, as the list has it. */
export const readDeadLetter = (ctx: AdminContext, id: number): Promise<Answered> =>
  askAsAdmin<Answered>(ctx, findDeadLetter(ctx.db, id, []));

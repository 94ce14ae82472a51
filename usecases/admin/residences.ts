import { expectThere, lockHome } from '../../db/admin/guard.ts';
import { bringBack, canComeBack, isThere, oneResidence, ownerOf, setPaused } from '../../db/admin/residences.ts';
import type { Answered } from '../../db/answer.ts';
import { readBoard } from '../../db/board.ts';
import { COLUMNS } from '../../domain/board.ts';
import { askAsAdmin } from '../ask-as-admin.ts';
import { commitAsAdmin } from '../commit-as-admin.ts';
import type { AdminContext } from '../enter-admin.ts';

/** A paused home reminds nobody. */
export const turnResidence = (ctx: AdminContext, residence_id: number, is_paused: boolean) =>
  commitAsAdmin(ctx, {
    changes: [
      lockHome(ctx.db, residence_id),
      expectThere(ctx.db, 'residence_residence', residence_id, isThere),
      setPaused(ctx.db, residence_id, is_paused),
    ],
    event: { type: is_paused ? 'residence.paused' : 'residence.resumed', residence_id },
    status: 200,
    answer: oneResidence(residence_id),
  });

export const restoreHome = (ctx: AdminContext, residence_id: number) =>
  commitAsAdmin(ctx, {
    changes: [
      lockHome(ctx.db, residence_id),
      expectThere(ctx.db, 'residence_residence', residence_id, canComeBack),
      bringBack(ctx.db, residence_id),
    ],
    event: { type: 'residence.restored', residence_id },
    status: 200,
    answer: oneResidence(residence_id),
  });

type BoardOf = { days: number; include?: 'cancelled' | undefined; user_id?: number | undefined };

/** The board of a home as one of its members sees it, on their date; its owner unless another is named. */
export const showBoard = (
  ctx: AdminContext,
  residence_id: number,
  { days, include, user_id }: BoardOf,
): Promise<Answered> => {
  const who = { digest: '', user_id: user_id ?? ownerOf(residence_id), zone: null, now: ctx.now() };
  const columns = COLUMNS.map(({ name }) => name).filter((name) => include || name !== 'cancelled_tasks');
  return askAsAdmin<Answered>(ctx, readBoard(ctx.db, who, { days, columns, residence_id }, []));
};

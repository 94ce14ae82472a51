import { findStored, type Stored } from '../db/idempotency.ts';
import { AppError } from '../domain/errors.ts';
import type { Role } from '../domain/residence.ts';
import { ask, nothingHere, type Query } from './ask.ts';
import { type Change, commit, replay, type Written } from './commit.ts';
import { onceMore } from './once-more.ts';
import type { Context } from './ports.ts';

/** What every row to decide on says of itself. */
type Found = { row_version: number; etag: string; role?: Role };

type Decision<F extends Found> = {
  find: () => Query<{ found: F }>;
  /** Who may; absent for what is the caller's own. */
  roles?: Role[];
  decide: (found: F) => Change | Promise<Change>;
};

/**
 * Find, decide, commit: a write whose rule needs the row first, in two round trips. The first also looks the idempotency
 * key up, before existence or role. If the row moved between the two it is all done once more, then it is a conflict.
 */
export const change = <F extends Found>(ctx: Context, decision: Decision<F>): Promise<Written> =>
  onceMore(() => once(ctx, decision));

async function once<F extends Found>(ctx: Context, { find, roles, decide }: Decision<F>): Promise<Written> {
  const { db, who, key, if_match } = ctx;
  const [row, stored] = key
    ? await ask<[{ found: F }, { found: Stored }]>(ctx, find(), findStored(db, who, key))
    : await ask<[{ found: F }]>(ctx, find());
  if (stored) return replay(ctx, stored.found);
  if (!row) throw nothingHere();
  const { found } = row;
  if (found.role && roles && !roles.includes(found.role)) {
    throw new AppError('forbidden', 'Your role in this home does not allow that.');
  }
  if (if_match && !if_match.includes('*') && !if_match.includes(String(found.row_version))) {
    throw new AppError('precondition_failed', 'It has changed since you read it.', { etag: found.etag });
  }
  return await commit(ctx, await decide(found));
}

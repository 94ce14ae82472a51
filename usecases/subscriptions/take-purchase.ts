import { sql } from 'drizzle-orm';
import {
  bindToMe,
  endReplaced,
  findObstacle,
  keepPurchase,
  lockUser,
  type Obstacle,
  refuseObstacle,
} from '../../db/purchases.ts';
import { settle, subscriptionWritten } from '../../db/subscriptions.ts';
import type { Purchase } from '../../domain/billing.ts';
import { AppError } from '../../domain/errors.ts';
import { ask } from '../ask.ts';
import { commit, type Written } from '../commit.ts';
import type { Context } from '../ports.ts';

const REFUSALS: Record<Obstacle, string> = {
  purchase_taken: 'This purchase belongs to another account.',
  subscribed_elsewhere: 'You are subscribed in another store already. End that first.',
};

/** A verified purchase becomes the caller's, for ever: of many who show it at once the first. */
export async function takePurchase(ctx: Context, purchase: Purchase): Promise<Written> {
  const { db } = ctx;
  const me = sql`hd_me()`;
  try {
    return await commit(ctx, {
      guard: { residence_id: null },
      changes: [
        keepPurchase(db, purchase),
        ...(purchase.replaces === null ? [] : [endReplaced(db, purchase)]),
        lockUser(db, me),
        refuseObstacle(db, purchase),
        bindToMe(db, purchase),
        settle(db, me),
      ],
      event: { type: 'subscription.changed', user_id: me },
      status: 200,
      answer: subscriptionWritten,
    });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'conflict')) throw error;
    const [found] = await ask<[{ found: Obstacle | null }]>(ctx, findObstacle(db, ctx.who, purchase));
    if (!found?.found) throw error;
    throw new AppError(found.found, REFUSALS[found.found], {}, error);
  }
}

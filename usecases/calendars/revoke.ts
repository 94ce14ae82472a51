import { deleteFeed, findFeed } from '../../db/calendars.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** From now on the feed's address leads nowhere. */
export async function revokeFeed(ctx: Context, feed_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findFeed(db, who, feed_id),
    decide: ({ user_id }) => ({
      guard: { residence_id: null },
      changes: [deleteFeed(db, user_id, feed_id)],
      event: { type: 'calendar.revoked', user_id, feed_id },
      status: 204,
    }),
  });
}

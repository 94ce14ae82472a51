import { sql } from 'drizzle-orm';
import { markAllRead, unreadCountWritten } from '../../db/notification-lists.ts';
import { commit } from '../commit.ts';
import type { Context } from '../ports.ts';

/** Answers how many are unread now: those that came meanwhile. */
export async function readAllNotifications(ctx: Context) {
  const { db, who } = ctx;
  return await commit(ctx, {
    guard: { residence_id: null },
    changes: [markAllRead(db, who)],
    event: { type: 'notifications.read', user_id: sql`hd_me()` },
    status: 200,
    answer: unreadCountWritten(who),
  });
}

import { findNotification, markRead, notificationWritten } from '../../db/notification-lists.ts';
import { change } from '../change.ts';
import type { Context } from '../ports.ts';

/** Doing so twice is no error: phones retry. */
export async function readNotification(ctx: Context, notification_id: number) {
  const { db, who } = ctx;
  return await change(ctx, {
    find: () => findNotification(db, who, notification_id),
    decide: ({ user_id }) => ({
      guard: { residence_id: null },
      changes: [markRead(db, who, notification_id)],
      event: { type: 'notification.read', user_id, notification_id },
      status: 200,
      answer: notificationWritten(who, notification_id),
    }),
  });
}

import { sql } from 'drizzle-orm';
import { addFeed, feedWritten, newFeedId } from '../../db/calendars.ts';
import type { NewCalendarFeed } from '../../domain/calendar.ts';
import { newNonce } from '../../domain/calendar-address.ts';
import { commit, type Written } from '../commit.ts';
import type { Context } from '../ports.ts';
import { signFeed } from './sign.ts';

/** Makes an address by which calendars read the caller's tasks, of all homes or of one. */
export async function createFeed(ctx: Context, { residence_id }: NewCalendarFeed): Promise<Written> {
  const { db, settings } = ctx;
  const written = await commit(ctx, {
    guard: residence_id === null ? { residence_id } : { residence_id, roles: ['owner', 'member', 'viewer'] },
    changes: [addFeed(db, residence_id, newNonce())],
    event: { type: 'calendar.created', user_id: sql`hd_me()`, feed_id: newFeedId },
    status: 201,
    answer: feedWritten,
  });
  const body = written.body && JSON.stringify(await signFeed(JSON.parse(written.body), settings));
  return { ...written, body };
}

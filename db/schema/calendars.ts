import { sql } from 'drizzle-orm';
import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { id, moment, ref } from './columns.ts';
import { residences } from './residences.ts';
import { users } from './users.ts';

/** A calendar that its user may subscribe to by an address that nobody can guess, until it is revoked. */
export const calendarFeeds = pgTable(
  'calendar_feed',
  {
    id: id(),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Null: of all homes of the user. */
    residence_id: ref().references(() => residences.id, { onDelete: 'cascade' }),
    /** Signed together with the id; another one makes the old address worthless. */
    nonce: text().notNull(),
    created_at: moment().notNull().default(sql`now()`),
  },
  (t) => [index('calendar_feed_user_idx').on(t.user_id, t.id), index('calendar_feed_residence_idx').on(t.residence_id)],
);

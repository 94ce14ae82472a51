import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment, ref } from './columns.ts';
import { residences } from './residences.ts';
import { users } from './users.ts';

export const notifications = pgTable(
  'notifications_notification',
  {
    id: id(),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    residence_id: ref().references(() => residences.id, { onDelete: 'cascade' }),
    /** The event that it tells of: a handler that runs twice tells once. */
    event_id: ref().notNull(),
    type: text().notNull(),
    title: text().notNull(),
    body: text().notNull(),
    data: jsonb().notNull().default({}),
    read_at: moment(),
    created_at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    uniqueIndex('notifications_notification_once').on(t.user_id, t.event_id),
    index('notifications_notification_user_idx').on(t.user_id, t.id),
  ],
);

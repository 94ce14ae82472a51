import { sql } from 'drizzle-orm';
import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { id, moment, ref } from './columns.ts';
import { users } from './users.ts';

/** A file that a client may put into storage, and that no row has claimed yet. */
export const pendingUploads = pgTable(
  'pending_uploads',
  {
    id: id(),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** What may claim it. */
    category: text({ enum: ['completion', 'document'] }).notNull(),
    object_key: text().notNull().unique('pending_uploads_object_key_key'),
    filename: text(),
    content_type: text().notNull(),
    content_length: ref().notNull(),
    sha256: text(),
    expires_at: moment().notNull(),
    created_at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    index('pending_uploads_user_idx').on(t.user_id, t.created_at),
    index('pending_uploads_expires_idx').on(t.expires_at),
  ],
);

import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { id, moment, ref } from './columns.ts';
import { users } from './users.ts';

/** Where a file of a row lies and what it is. When no row names an object any more, a trigger has it deleted. */
export const storedFile = () => ({
  object_key: text().notNull(),
  /** Of the object: reads and deletions name it. Null until somebody has looked. */
  version_id: text(),
  /** As whoever uploaded it called it. */
  filename: text(),
  content_type: text().notNull(),
  size: ref().notNull(),
  /** In hex. Of an upload it is what the client said, until the file was prepared. */
  sha256: text(),
  uploaded_by_id: ref().references(() => users.id, { onDelete: 'set null' }),
  /** When it was verified and freed of where a photo was taken. Until then only whoever uploaded it may read it. */
  prepared_at: moment(),
  /** The code of why that can't be done. */
  prepare_error: text(),
});

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

/** A smaller picture of a file; goes with it. */
export const variants = pgTable(
  'storage_variant',
  {
    /** The object that it was made from. */
    source_key: text().notNull(),
    kind: text({ enum: ['thumbnail', 'medium'] }).notNull(),
    object_key: text().notNull().unique('storage_variant_object_key_key'),
    version_id: text().notNull(),
    content_type: text().notNull(),
    size: ref().notNull(),
    sha256: text().notNull(),
    width: integer().notNull(),
    height: integer().notNull(),
    created_at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.source_key, t.kind] }),
    check('storage_variant_kind', sql`kind in ('thumbnail', 'medium')`),
  ],
);

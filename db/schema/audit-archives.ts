import { sql } from 'drizzle-orm';
import { bigint, check, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { moment, ref } from './columns.ts';

/** What has left the audit log: each a file in storage, chained to the one before. Written by `hd_archive_audit` alone. */
export const auditArchives = pgTable(
  'audit_archive',
  {
    number: ref().primaryKey(),
    /** Its rows are those with ids above this one, and up to the last. */
    after_id: ref().notNull(),
    last_id: ref().notNull(),
    row_count: integer().notNull(),
    first_at: moment().notNull(),
    last_at: moment().notNull(),
    object_key: text().notNull(),
    version_id: text().notNull(),
    size: ref().notNull(),
    /** Of the file as it lies in storage. */
    sha256: text().notNull(),
    /** Of its lines, not compressed. */
    content_sha256: text().notNull(),
    /** The `sha256` of the archive before; zeros for the first. */
    previous_sha256: text().notNull(),
    manifest_key: text().notNull(),
    manifest_version_id: text().notNull(),
    manifest_sha256: text().notNull(),
    archived_at: moment().notNull().default(sql`now()`),
  },
  () => [
    check('audit_archive_range', sql`number > 0 and after_id < last_id and row_count between 1 and last_id - after_id`),
  ],
);

/** How archiving goes; one row. */
export const auditArchiveState = pgTable(
  'audit_archive_state',
  {
    id: integer().primaryKey().default(1),
    /** When a run last found all archives in place and nothing left to archive. */
    succeeded_at: moment(),
    /** What the last run found wrong with the archives; nothing is archived until that is mended, or accepted. */
    broken: text(),
    /** Archives whose loss an operator has taken note of. */
    accepted: bigint({ mode: 'number' }).array().notNull().default([]),
  },
  () => [check('audit_archive_state_one_row', sql`id = 1`)],
);

import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { id, moment, ref, versioned } from './columns.ts';
import { residences } from './residences.ts';
import { users } from './users.ts';

/** What somebody asked for and waits for: a report, an export. Its file goes with the row, once nobody may fetch it any more. */
export const longJobs = pgTable(
  'long_job',
  {
    id: id(),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Null: about all that the user has. */
    residence_id: ref().references(() => residences.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['report', 'completions', 'export'] }).notNull(),
    state: text({ enum: ['waiting', 'running', 'done', 'failed', 'cancelled'] })
      .notNull()
      .default('waiting'),
    /** In percent. */
    progress: integer().notNull().default(0),
    /** What was asked for beyond the kind. */
    wishes: jsonb().notNull().default({}),
    error: text(),
    object_key: text().unique('long_job_object_key_key'),
    version_id: text(),
    filename: text(),
    content_type: text(),
    size: ref(),
    sha256: text(),
    finished_at: moment(),
    /** From then on its file is gone. */
    expires_at: moment(),
    ...versioned(),
  },
  (t) => [
    index('long_job_user_idx').on(t.user_id, t.id),
    index('long_job_residence_idx').on(t.residence_id).where(sql`residence_id is not null`),
    index('long_job_expires_idx').on(t.expires_at).where(sql`expires_at is not null`),
    check('long_job_kind', sql`kind in ('report', 'completions', 'export')`),
    check('long_job_state', sql`state in ('waiting', 'running', 'done', 'failed', 'cancelled')`),
    check('long_job_progress', sql`progress between 0 and 100`),
  ],
);

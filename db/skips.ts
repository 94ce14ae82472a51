import { type SQL, sql } from 'drizzle-orm';
import type { Db } from './client.ts';
import { skips } from './schema/tasks.ts';

/** A skip aliased `s` as the `json` that is answered; `Skip` in domain/history.ts is its shape. */
export const skipJson = sql`json_build_object('id', s.id, 'task_id', s.task_id, 'skipped_by_id', s.skipped_by_id,
  'skipped_at', hd_moment(s.skipped_at), 'occurrence', s.occurrence, 'next_due_date', s.next_due_date)`;

type Insert = typeof skips.$inferInsert;

export const addSkip = (db: Db, skip: { [K in keyof Insert]: Insert[K] | SQL }) => db.insert(skips).values(skip);

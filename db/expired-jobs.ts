import { sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

/** Reports and exports that nobody may fetch any more go with their files, which a trigger has deleted. */
export const deleteExpiredJobs = (db: Db, limit: number, now: string) =>
  statement(
    db,
    sql`delete from long_job where id in (
          select id from long_job where expires_at < ${now}::timestamptz and state in ('done', 'failed', 'cancelled')
          order by expires_at limit ${limit})`,
  );

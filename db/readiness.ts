import { sql } from 'drizzle-orm';
import journal from '../migrations/meta/_journal.json' with { type: 'json' };
import { type Db, statement } from './client.ts';

/** How many migrations this release was built with. */
export const EXPECTED_MIGRATIONS = journal.entries.length;

export type Backlog = { applied: number; pending: number; oldest_age_s: number | null };

/** What the database knows of its own state: migrations applied, and events that are due and not done. */
export const findBacklog = (db: Db) =>
  statement<{ found: Backlog }>(
    db,
    sql`select json_build_object(
          'applied', (select count(*) from drizzle.__drizzle_migrations),
          'pending', count(*),
          'oldest_age_s', extract(epoch from now() - min(run_at))) as found
        from outbox where done_at is null and dead_at is null and run_at <= now()`,
  );

/** Takes the last byte of old addresses out of the audit log. */
export const truncateAddresses = (db: Db) => statement(db, sql`select hd_truncate_addresses()`);

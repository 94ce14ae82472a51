import { sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

export type Upkeep = { backed_up_s: number | null; archived_s: number | null; is_broken: boolean };

/** When what must happen by itself last came to a good end, in seconds of the epoch; null: never. */
export const findUpkeep = (db: Db) =>
  statement<{ found: Upkeep }>(
    db,
    sql`select json_build_object(
          'backed_up_s', (select extract(epoch from ran_at) from scheduled_run where name = 'backup'),
          'archived_s', (select extract(epoch from succeeded_at) from audit_archive_state),
          'is_broken', coalesce((select broken is not null from audit_archive_state), false)) as found`,
  );

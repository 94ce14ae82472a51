import { sql } from 'drizzle-orm';
import { type Db, statement } from './client.ts';

/** Notes that scheduled work has come to its end; answers when it did so before. */
export const noteRun = (db: Db, name: string, now: string) =>
  statement<{ ran_before: string | null }>(
    db,
    sql`with before as (select ran_at from scheduled_run where name = ${name})
        insert into scheduled_run (name, ran_at) values (${name}, ${now})
        on conflict (name) do update set ran_at = excluded.ran_at
        returning (select hd_moment(ran_at) from before) as ran_before`,
  );

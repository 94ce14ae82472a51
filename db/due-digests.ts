import { sql } from 'drizzle-orm';
import { DEFAULT_DAYS } from '../domain/board.ts';
import { claim } from './claims.ts';
import type { Db } from './client.ts';
import { columnOf } from './columns.ts';
import { isLive } from './due-tasks.ts';
import { channelsFor, type Page } from './people.ts';

/** Claims the digests that are due. */
export const claimDueDigests = (db: Db, now: string, page: Page) => claim(db, now, page, dueDigests);

/**
 * The digests of `people`: what is overdue or due soon, over all of their homes. One is of the day on which it is told: that
 * of its hour, or the next if its hour falls into quiet hours that last into it. With nothing to tell it is claimed all the
 * same, and nothing is told: what comes up later that day waits for the next.
 */
const dueDigests = sql`
  with readers as materialized (
    select p.user_id, p.today, told.channels
    from people p cross join lateral (select ${channelsFor(sql`'daily_digest'`)} as channels) told
    where cardinality(told.channels) > 0 and (p.digest_date = p.today or p.quiet_start > p.quiet_end and p.quiet_start <= make_time(p.digest_hour, 0, 0))
      and not exists (
        select from notifications_reminder c where c.user_id = p.user_id and c.kind = 'digest' and c.subject_id = 0
          and c.subject_date = p.today)
  ), cards as (
    select d.user_id, ${columnOf(sql`d.today`, DEFAULT_DAYS)} as name
    from readers d
    join residence_residence_users m on m.user_id = d.user_id
    join residence_residence r on r.id = m.residence_id and ${isLive}
    join task_task t on t.residence_id = m.residence_id
  ), counts as materialized (
    select user_id, count(*) filter (where name = 'overdue_tasks') as overdue, count(*) filter (where name = 'due_soon_tasks') as due_soon
    from cards group by user_id having bool_or(name in ('overdue_tasks', 'due_soon_tasks'))
  )
  select d.user_id, 'digest' as kind, 0 as subject_id, d.today as subject_date, 0 as stage,
    case when n.user_id is null then array['in_app'] else d.channels end as channels, null::bigint as residence_id,
    case when n.user_id is not null then 'daily_digest' end as type, 'Your homes today' as title,
    concat_ws(', ', nullif(n.overdue, 0) || ' overdue', nullif(n.due_soon, 0) || ' due soon') as body,
    jsonb_build_object('overdue', n.overdue, 'due_soon', n.due_soon) as data
  from readers d left join counts n using (user_id)`;

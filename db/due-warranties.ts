import { type SQL, sql } from 'drizzle-orm';
import { headings, WARRANTY_ENDS } from '../domain/notification.ts';
import { CATCH_UP_DAYS, WARRANTY_STAGES } from '../domain/reminder.ts';
import { isLive } from './due-tasks.ts';
import { channelsFor } from './people.ts';

/** A warranty `t` that is in use. */
export const isHeld = sql`t.document_type = 'warranty' and t.is_active`;

const EARLIEST = Math.max(...WARRANTY_STAGES);

/** What a reminder is headed on each day; the hour may have come last the day before. */
const headed = () => JSON.stringify(headings(-CATCH_UP_DAYS - 1, EARLIEST, WARRANTY_ENDS));

/**
 * What of the warranties of `people` is to be told and was not. As for tasks, the newest stage alone, on its day or in the
 * three days after it, and none after a newer one.
 */
export const dueWarranties = (): SQL => sql`
  select p.user_id, 'warranty' as kind, p.document_id as subject_id, p.ends_on as subject_date, p.stage, told.channels,
    p.residence_id, 'warranty_expiring' as type, h.heading as title, p.title || ' · ' || p.name as body,
    jsonb_build_object('residence_id', p.residence_id, 'document_id', p.document_id, 'ends_on', p.ends_on) as data
  from (
    select p.*, r.id as residence_id, r.name, t.id as document_id, t.title, t.ends_on, s.stage
    from people p join residence_residence_users m on m.user_id = p.user_id and m.role <> 'viewer'
    join residence_residence r on r.id = m.residence_id and ${isLive}
    join task_document t on t.residence_id = r.id and ${isHeld}
      and t.ends_on between p.warranty_date - ${CATCH_UP_DAYS}::int and p.warranty_date + ${EARLIEST}::int
    cross join lateral (
      select min(x.stage) as stage from unnest(${`{${WARRANTY_STAGES}}`}::int[]) as x (stage)
      where t.ends_on - x.stage <= p.warranty_date
    ) s
  ) p
  cross join lateral (select ${channelsFor(sql`'warranty_expiring'`)} as channels) told
  left join jsonb_to_recordset(${headed()}::jsonb) as h (days_left int, heading text) on h.days_left = p.ends_on - p.today
  where p.warranty_date <= p.ends_on - p.stage + ${CATCH_UP_DAYS}::int
    and cardinality(told.channels) > 0
    and p.stage < coalesce((
      select min(n.stage) from notifications_reminder n where n.user_id = p.user_id and n.kind = 'warranty'
        and n.subject_id = p.document_id and n.subject_date = p.ends_on), ${EARLIEST + 1}::int)`;

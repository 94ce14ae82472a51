import { sql } from 'drizzle-orm';
import { ColumnName, DEFAULT_DAYS } from '../domain/board.ts';
import { columnOf, effective } from './columns.ts';
import { actorId, todayOf, type Who } from './who.ts';

/** The TotalSummary of the caller's homes as one `json` value. */
export function totalSummary(who: Who) {
  const counts = ColumnName.options.map(
    (name) => sql`${name}::text, count(*) filter (where c.kanban_column = ${name})`,
  );
  const homes = sql`(select residence_id from hd_membership where user_id = ${actorId(who)})`;
  return sql`(select json_build_object(
    'total_residences', (select count(*) from hd_membership where user_id = ${actorId(who)}),
    'total_tasks', count(*),
    'tasks_by_column', json_build_object(${sql.join(counts, sql`, `)}),
    'completed_last_30_days', (select count(*) from task_taskcompletion d where d.residence_id in ${homes}
      and d.completed_at > ${who.now}::timestamptz - interval '30 days'),
    'next_due_date', min(c.effective_date) filter (where c.kanban_column not in ('completed_tasks', 'cancelled_tasks')))
    from (select ${columnOf(todayOf(who), DEFAULT_DAYS)} as kanban_column, ${effective} as effective_date
          from task_task t where t.residence_id in ${homes}) c)`;
}

import { type SQL, sql } from 'drizzle-orm';
import { ColumnName, DEFAULT_DAYS } from '../domain/board.ts';
import { type Answered, tagged } from './answer.ts';
import { type Db, statement } from './client.ts';
import { columnOf, effective } from './columns.ts';
import { actorId, todayOf, type Who } from './who.ts';

/** The TotalSummary of the caller's homes as one `json` value. */
export function totalSummary(who: Who): SQL {
  const homes = sql`(select residence_id from hd_membership where user_id = ${actorId(who)})`;
  return sql`(select json_build_object(
    'total_residences', (select count(*) from hd_membership where user_id = ${actorId(who)}), ${totals(who, homes)})
    from ${tasksIn(who, homes)})`;
}

export const readSummary = (db: Db, who: Who, known: string[]) =>
  statement<Answered>(db, tagged(sql`select ${totalSummary(who)} as json`, known));

/** The same of one home, which must not be called `t`. */
export function homeSummary(who: Who, residence_id: SQL): SQL {
  const home = sql`(${residence_id})`;
  return sql`(select json_build_object(${totals(who, home)}) from ${tasksIn(who, home)})`;
}

/** What `tasksIn` the homes come to, name by name. */
function totals(who: Who, homes: SQL): SQL {
  const counts = ColumnName.options.map(
    (name) => sql`${name}::text, count(*) filter (where c.kanban_column = ${name})`,
  );
  return sql`
    'total_tasks', count(*),
    'tasks_by_column', json_build_object(${sql.join(counts, sql`, `)}),
    'completed_last_30_days', (select count(*) from task_taskcompletion d where d.residence_id in ${homes}
      and d.completed_at > ${who.now}::timestamptz - interval '30 days'),
    'next_due_date', min(c.effective_date) filter (where c.kanban_column not in ('completed_tasks', 'cancelled_tasks'))`;
}

const tasksIn = (who: Who, homes: SQL): SQL => sql`
  (select ${columnOf(todayOf(who), DEFAULT_DAYS)} as kanban_column, ${effective} as effective_date
   from task_task t where t.residence_id in ${homes}) c`;

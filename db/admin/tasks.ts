import { type SQL, sql } from 'drizzle-orm';
import type { CompletionsQuery, TasksQuery } from '../../domain/admin/task.ts';
import { DEFAULT_DAYS } from '../../domain/board.ts';
import { columnOf, effective } from '../columns.ts';
import { completionJson } from '../completions.ts';
import { cardFields, lookUps, withLookUps } from '../tasks.ts';
import { byId, type Source } from './list.ts';

const column = (today: SQL): SQL => columnOf(today, DEFAULT_DAYS);
const today = sql`(now() at time zone 'UTC')::date`;

/** `TaskRow` in domain/admin/task.ts is the shape of a row. */
export const tasks: Source<TasksQuery> = {
  from: sql`task_task`,
  row: sql`t.id, t.residence_id, t.title, ${column(today)} as kanban_column, ${effective} as effective_date, t.category_id,
    t.priority_id, t.frequency_id, t.assigned_to_id, t.contractor_id, t.template_id, t.completion_count,
    hd_moment(t.last_completed_at) as last_completed_at, t.created_by_id, hd_moment(t.created_at) as created_at`,
  sorts: byId,
  search: (pattern) => sql`t.title ilike ${pattern}`,
  filters: {
    residence_id: (id) => sql`t.residence_id = ${id}`,
    contractor_id: (id) => sql`t.contractor_id = ${id}`,
    in_progress: (is) => sql`t.in_progress = ${is}::boolean`,
    is_cancelled: (is) => sql`t.is_cancelled = ${is}::boolean`,
    is_archived: (is) => sql`t.is_archived = ${is}::boolean`,
  },
};

/** `AdminTask` in domain/admin/task.ts is its shape. */
export const oneTask = (id: number): SQL => sql`
  with ${lookUps}, t as (
    select k.*, r.name as residence_name from task_task k join residence_residence r on r.id = k.residence_id where k.id = ${id}
  )
  select row_to_json(x) as json from (
    select ${cardFields}, t.residence_name
    from (select t.*, ${effective} as effective_date, ${column(today)} as kanban_column from t) t ${withLookUps}) x`;

/** `CompletionRow` in domain/admin/task.ts is the shape of a row. */
export const completions: Source<CompletionsQuery> = {
  from: sql`task_taskcompletion`,
  row: sql`t.id, t.task_id, (select k.title from task_task k where k.id = t.task_id) as task_title, t.residence_id,
    t.completed_by_id, hd_moment(t.completed_at) as completed_at, t.actual_cost::text, t.rating, t.notes,
    (select count(*) from task_taskcompletionimage i where i.completion_id = t.id) as image_count,
    hd_moment(t.created_at) as created_at`,
  sorts: byId,
  filters: {
    residence_id: (id) => sql`t.residence_id = ${id}`,
    task_id: (id) => sql`t.task_id = ${id}`,
  },
};

/** `AdminCompletion` in domain/admin/task.ts is its shape. */
export const oneCompletion = (id: number): SQL => sql`
  select (${forAdmins(completionJson)}::jsonb || jsonb_build_object('residence_id', d.residence_id, 'task_title', k.title))::json as json
  from task_taskcompletion d join task_task k on k.id = d.task_id where d.id = ${id}`;

/** The same answer with files where an admin reads them. */
export const forAdmins = (json: SQL): SQL => sql`replace(${json}::text, '"/api/media/', '"/api/admin/media/')`;

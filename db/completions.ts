import { type SQL, sql } from 'drizzle-orm';
import type { Db } from './client.ts';
import { completions } from './schema/tasks.ts';
import { taskWritten } from './tasks.ts';
import type { Who } from './who.ts';

/** The id that this batch's insert has just drawn. */
export const newCompletionId = sql`currval('task_taskcompletion_id_seq')`;

type Insert = typeof completions.$inferInsert;

export const addCompletion = (db: Db, completion: { [K in keyof Insert]: Insert[K] | SQL }) =>
  db.insert(completions).values(completion);

/** A completion aliased `d` as the `json` that is answered; `Completion` in domain/task.ts is its shape. */
const completionJson = sql`(select row_to_json(x) from (select d.id, d.task_id, d.completed_by_id,
  hd_moment(d.completed_at) as completed_at, d.notes, d.actual_cost::text, d.rating, json_build_array() as images,
  d.previous_next_due_date, hd_moment(d.created_at) as created_at, hd_moment(d.updated_at) as updated_at) x)`;

/** What completing a task answers: the completion, the task as it is now, and the summary of all homes. */
export const completionWritten = (who: Who, task_id: number): SQL => sql`
  select json_build_object('data', ${completionJson}, 'task', written.body::json -> 'data',
    'summary', written.body::json -> 'summary')::text as body, written.etag
  from task_taskcompletion d, (${taskWritten(who, task_id)}) written where d.id = ${newCompletionId}`;

import { eq, type SQL, sql } from 'drizzle-orm';
import { DEFAULT_DAYS } from '../domain/board.ts';
import type { Role } from '../domain/residence.ts';
import type { TaskState } from '../domain/task.ts';
import { type Answered, tagged } from './answer.ts';
import { type Db, statement } from './client.ts';
import { columnOf, effective } from './columns.ts';
import { tasks } from './schema/tasks.ts';
import { totalSummary } from './summary.ts';
import { asking, todayOf, type Who, zoneOf } from './who.ts';

/** The id that this batch's insert has just drawn. */
export const newTaskId = sql`currval('task_task_id_seq')`;

/** The ids of all tasks that this batch has made, as they were sent: what the log says of the version that it holds locked. */
export const newTaskIds = (residence_id: number): SQL => sql`array(
  select l.entity_id from change_log l join residence_version v on v.residence_id = l.residence_id and v.version = l.version
  where l.residence_id = ${residence_id} and l.type = 'task' and l.action = 'created' order by l.n)`;

/** The caller's tasks with what follows from today; `which` speaks of `t`. What a user may not see does not exist. */
export const cards = (who: Who, which: SQL, days = DEFAULT_DAYS): SQL => sql`
  with ${asked(who)} ${askedCards(which, days)}`;

/** Who asks, for `askedCards` and whatever else of the statement has to know. */
export const asked = (who: Who): SQL => sql`asked as materialized (${asking(who)})`;

/** The same where `asked` was defined. */
export const askedCards = (which: SQL, days: number): SQL => sql`
  select t.*, m.role, ${effective} as effective_date, ${columnOf(sql`asked.today`, days)} as kanban_column
  from asked, hd_membership m join task_task t on t.residence_id = m.residence_id
  where m.user_id = (select user_id from asked) and ${which}`;

/** What is answered of a card aliased `t`; `Task` in domain/task.ts is its shape. */
export const cardFields = sql`
  t.id, t.residence_id, t.title, t.description, t.category_id, c.json as category, t.priority_id, p.json as priority,
  t.frequency_id, f.json as frequency, t.custom_interval, t.custom_unit, t.schedule, t.in_progress, t.due_date,
  t.next_due_date, t.effective_date, t.is_cancelled, t.is_archived, t.template_id, t.contractor_id, t.assigned_to_id,
  t.estimated_cost::text, t.created_by_id, t.completion_count, hd_moment(t.last_completed_at) as last_completed_at,
  t.kanban_column, hd_moment(t.created_at) as created_at, hd_moment(t.updated_at) as updated_at`;

export const cardJson = sql`(select row_to_json(x) from (select ${cardFields}) x)`;

/** The look-ups of cards, each made JSON once and not once a card. */
export const lookUps = sql`
  c as materialized (select id, row_to_json(x) as json from task_taskcategory x),
  p as materialized (select id, level, row_to_json(x) as json from task_taskpriority x),
  f as materialized (select id, row_to_json(x) as json from task_taskfrequency x)`;

/** To be joined where `lookUps` were defined. */
export const withLookUps = sql`
  left join c on c.id = t.category_id left join p on p.id = t.priority_id left join f on f.id = t.frequency_id`;

const oneTask = (who: Who, id: number | SQL) => sql`
  with ${lookUps}
  select ${cardJson} as json, t.row_version from (${cards(who, sql`t.id = ${id}`)}) t ${withLookUps}`;

/** What a write of several tasks answers: all of them, and the summary of all homes. */
export const tasksWritten = (who: Who, ids: SQL) => sql`
  with ${lookUps}, made as (
    select ${cardJson} as json, t.id from (${cards(who, sql`t.id = any (${ids})`)}) t ${withLookUps}
  )
  select json_build_object('data', json_agg(json order by id), 'summary', ${totalSummary(who)})::text as body, null as etag
  from made`;

export const readTask = (db: Db, who: Who, id: number, known: string[]) =>
  statement<Answered>(db, tagged(oneTask(who, id), known, true));

/** What a write of a task answers: the task, the summary of all homes, and the task's validator. */
export const taskWritten = (who: Who, id: number | SQL) => sql`
  select json_build_object('data', body::json, 'summary', ${totalSummary(who)})::text as body, etag
  from (${tagged(oneTask(who, id), [], true)}) task`;

export type FoundTask = {
  task: TaskState & { residence_id: number; effective_date: string | null; assigned_to_id: number | null };
  role: Role;
  row_version: number;
  etag: string;
  today: string;
  zone: string;
};

/** A task to decide on: its state, the caller's role and day, and the validator of what a read would answer. */
export const findTask = (db: Db, who: Who, id: number) => statement<{ found: FoundTask }>(db, foundTask(who, id));

/** The same as a query, for what is to be found beside it. */
export const foundTask = (who: Who, id: number): SQL => sql`
  select json_build_object('task', t, 'role', t.role, 'row_version', t.row_version, 'etag', tag.etag,
    'today', ${todayOf(who)}, 'zone', ${zoneOf(who)}) as found
  from (${cards(who, sql`t.id = ${id}`)}) t, (${tagged(oneTask(who, id), [], true)}) tag`;

export const addTasks = (db: Db, values: TaskValues[]) => db.insert(tasks).values(values);

export const updateTask = (db: Db, id: number, change: Partial<TaskValues>) =>
  db.update(tasks).set(change).where(eq(tasks.id, id));

export const deleteTask = (db: Db, id: number) => db.delete(tasks).where(eq(tasks.id, id));

type Insert = typeof tasks.$inferInsert;
type TaskValues = { [K in keyof Insert]: Insert[K] | SQL };

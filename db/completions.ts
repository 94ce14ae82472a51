import { eq, type SQL, sql } from 'drizzle-orm';
import type { Role } from '../domain/residence.ts';
import { type Answered, tagged } from './answer.ts';
import { type Db, statement } from './client.ts';
import { mediaUrl, thumbnailUrl } from './media.ts';
import { completions } from './schema/tasks.ts';
import { taskWritten } from './tasks.ts';
import { actorId, type Who } from './who.ts';

/** The id that this batch's insert has just drawn. */
export const newCompletionId = sql`currval('task_taskcompletion_id_seq')`;

const images = sql`coalesce((
  select json_agg(json_build_object('id', i.id, 'url', ${mediaUrl('completion-image', sql`i`)},
    'thumbnail_url', ${thumbnailUrl('completion-image', sql`i`)}, 'caption', i.caption,
    'fault', i.prepare_error) order by i.id)
  from task_taskcompletionimage i where i.completion_id = d.id), '[]')`;

/** A completion aliased `d` as the `json` that is answered; `Completion` in domain/completion.ts is its shape. */
export const completionJson = sql`(select row_to_json(x) from (select d.id, d.task_id, d.completed_by_id,
  hd_moment(d.completed_at) as completed_at, d.notes, d.actual_cost::text, d.rating, ${images} as images,
  d.previous_next_due_date, hd_moment(d.created_at) as created_at, hd_moment(d.updated_at) as updated_at) x)`;

const oneCompletion = (who: Who, id: number | SQL): SQL => sql`
  select ${completionJson} as json, d.row_version
  from task_taskcompletion d join hd_membership m on m.residence_id = d.residence_id and m.user_id = ${actorId(who)}
  where d.id = ${id}`;

export const readCompletion = (db: Db, who: Who, id: number, known: string[]) =>
  statement<Answered>(db, tagged(oneCompletion(who, id), known, true));

export type FoundCompletion = {
  residence_id: number;
  task_id: number;
  completion: { id: number; occurrence: string | null; previous_next_due_date: string | null };
  /** The newest of the task. */
  newest_id: number;
  task_row_version: number;
  role: Role;
  row_version: number;
  etag: string;
};

/** A completion to decide on, and what its task says of it. */
export const findCompletion = (db: Db, who: Who, id: number) =>
  statement<{ found: FoundCompletion }>(
    db,
    sql`select json_build_object('residence_id', d.residence_id, 'task_id', d.task_id, 'completion', d, 'newest_id', (
            select n.id from task_taskcompletion n where n.task_id = d.task_id order by n.completed_at desc, n.id desc limit 1),
          'task_row_version', t.row_version, 'role', m.role, 'row_version', d.row_version, 'etag', tag.etag) as found
        from task_taskcompletion d join task_task t on t.id = d.task_id
        join hd_membership m on m.residence_id = d.residence_id and m.user_id = ${actorId(who)},
        (${tagged(oneCompletion(who, id), [], true)}) tag
        where d.id = ${id}`,
  );

type Insert = typeof completions.$inferInsert;
type CompletionValues = { [K in keyof Insert]: Insert[K] | SQL };

export const addCompletion = (db: Db, completion: CompletionValues) => db.insert(completions).values(completion);

export const updateCompletion = (db: Db, id: number, change: Partial<CompletionValues>) =>
  db.update(completions).set(change).where(eq(completions.id, id));

export const deleteCompletion = (db: Db, id: number) => db.delete(completions).where(eq(completions.id, id));

/** What a write of a completion answers: it, its task as it is now, the summary of all homes, and its own validator. */
export const completionWritten = (who: Who, id: number | SQL, task_id: number): SQL => sql`
  with completion as materialized (${tagged(oneCompletion(who, id), [], true)}), ${written(who, task_id)}
  select json_build_object('data', c.body::json, 'task', w.json -> 'data', 'summary', w.json -> 'summary')::text as body, c.etag
  from completion c, written w`;

/** What is left to answer when a completion is gone. */
export const completionDeleted = (who: Who, task_id: number): SQL => sql`
  with ${written(who, task_id)}
  select json_build_object('task', json -> 'data', 'summary', json -> 'summary')::text as body, etag from written`;

/** The task and the summary, made once. */
const written = (who: Who, task_id: number): SQL => sql`
  written as materialized (select body::json as json, etag from (${taskWritten(who, task_id)}) task)`;

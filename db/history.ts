import { and, type SQL, sql } from 'drizzle-orm';
import type { CompletionCursor } from '../domain/completion.ts';
import type { HistoryCursor } from '../domain/history.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { completionJson } from './completions.ts';
import { skipJson } from './skips.ts';
import { actorId, type Who } from './who.ts';

type CompletionsQuery = {
  residence_id: number | null;
  task_id: number | null;
  /** Moments: not before, and before. */
  from: string | null;
  to: string | null;
  limit: number;
  after: CompletionCursor | null;
};

/** Completions, the newest first, each home's by its own index; no row if the home or the task is not the caller's. */
export function readCompletions(db: Db, who: Who, query: CompletionsQuery, known: string[]) {
  const { residence_id, task_id, from, to, limit, after } = query;
  const which = and(
    task_id === null ? sql`d.residence_id = h.residence_id` : sql`d.task_id = ${task_id}`,
    from === null ? undefined : sql`d.completed_at >= ${from}`,
    to === null ? undefined : sql`d.completed_at < ${to}`,
    after === null ? undefined : sql`(d.completed_at, d.id) < (${after[0]}::timestamptz, ${after[1]}::bigint)`,
  );
  const isOfOne = residence_id !== null || task_id !== null;
  return statement<Answered>(
    db,
    tagged(
      sql`
      with homes as (${homesWith(who, residence_id, task_id)}), found as (
        select d.* from homes h, lateral (
          select * from task_taskcompletion d where ${which} order by d.completed_at desc, d.id desc limit ${limit + 1}
        ) d
      ), paged as (
        select d.*, row_number() over (order by d.completed_at desc, d.id desc) as rank from found d
        order by rank limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((select json_agg(${completionJson} order by d.rank) from paged d where d.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.completed_at, t.id)`, limit)})) as json
      where ${isOfOne ? sql`exists (select from homes)` : sql`true`}`,
      known,
    ),
  );
}

/** The homes to look in: all of the caller's, or the one that is asked for, or that holds the task. */
const homesWith = (who: Who, residence_id: number | null, task_id: number | null): SQL => sql`
  select m.residence_id from hd_membership m where ${and(
    sql`m.user_id = ${actorId(who)}`,
    residence_id === null ? undefined : sql`m.residence_id = ${residence_id}`,
    task_id === null ? undefined : sql`m.residence_id = (select residence_id from task_task where id = ${task_id})`,
  )}`;

/** Completions and skips of one task together, the newest first. */
export function readHistory(
  db: Db,
  who: Who,
  { task_id, limit, after }: { task_id: number; limit: number; after: HistoryCursor | null },
  known: string[],
) {
  const behind = (at: SQL, type: SQL, id: SQL) =>
    after === null
      ? sql`true`
      : sql`(${at}, ${type}, ${id}) < (${after[0]}::timestamptz, ${after[1]}::text, ${after[2]}::bigint)`;
  return statement<Answered>(
    db,
    tagged(
      sql`
      with entries as (
        (select d.completed_at as at, 'completion' as type, d.id, ${completionJson} as json from task_taskcompletion d
         where d.task_id = ${task_id} and ${behind(sql`d.completed_at`, sql`'completion'`, sql`d.id`)}
         order by d.completed_at desc, d.id desc limit ${limit + 1})
        union all
        (select s.skipped_at, 'skip', s.id, ${skipJson} from task_taskskip s
         where s.task_id = ${task_id} and ${behind(sql`s.skipped_at`, sql`'skip'`, sql`s.id`)}
         order by s.skipped_at desc, s.id desc limit ${limit + 1})
      ), paged as (
        select *, row_number() over (order by at desc, type desc, id desc) as rank from entries order by rank limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((
          select json_agg(json_build_object('type', type, 'at', hd_moment(at), type, json) order by rank)
          from paged where rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.at, t.type, t.id)`, limit)})) as json
      where exists (${homesWith(who, null, task_id)})`,
      known,
    ),
  );
}

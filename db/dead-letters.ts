import { type SQL, sql } from 'drizzle-orm';
import type { DeadLetterCursor, DeadLetterQuery, DeadLetterRetry } from '../domain/dead-letter.ts';
import type { Bell } from '../domain/event.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { bell } from './outbox.ts';

const isDead = sql`o.dead_at is not null`;
const isUncertain = sql`(o.done_at is not null and o.uncertain_at is not null)`;
const since = sql`coalesce(o.dead_at, o.uncertain_at)`;

/** Of an outbox row; `DeadLetter` in domain/dead-letter.ts is its shape. */
const fields = sql`
  o.id, case when ${isDead} then 'dead' else 'uncertain' end as state, o.event ->> 'type' as type, o.queue, o.event,
  o.attempts, o.last_error, hd_moment(${since}) as since, o.request_id, o.traceparent, hd_moment(o.created_at) as created_at`;

type Filter = { [K in 'type' | 'queue' | 'error']?: string | null | undefined };

/** The newest first. */
export const findDeadLetters = (
  db: Db,
  { state, limit, ...like }: DeadLetterQuery,
  after: DeadLetterCursor | null,
  known: string[],
) => {
  const { type = null, queue = null, error = null }: Filter = like;
  const [after_since, after_id] = after ?? [null, null];
  const [which, at] = state === 'dead' ? [isDead, sql`o.dead_at`] : [isUncertain, sql`o.uncertain_at`];
  return statement<Answered>(
    db,
    tagged(
      sql`with paged as (
            select o.*, ${at} as since, row_number() over (order by ${at} desc, o.id desc) as rank from outbox o
            where ${which}
              and (${type}::text is null or o.event ->> 'type' = ${type}) and (${queue}::text is null or o.queue = ${queue})
              and (${error}::text is null or starts_with(o.last_error, ${error}))
              and (${after_id}::bigint is null or (${at}, o.id) < (${after_since}::timestamptz, ${after_id}))
            order by ${at} desc, o.id desc limit ${limit + 1}
          )
          select json_build_object(
            'results', coalesce((select json_agg((select row_to_json(x) from (select ${fields}) x) order by o.rank)
              from paged o where o.rank <= ${limit}), '[]'),
            'next_cursor', (${nextCursor(sql`json_build_array(t.since, t.id)`, limit)})) as json`,
      known,
    ),
  );
};

export const findDeadLetter = (db: Db, id: number, known: string[]) =>
  statement<Answered>(
    db,
    tagged(
      sql`select row_to_json(x) as json from (
            select ${fields} from outbox o where o.id = ${id} and (${isDead} or ${isUncertain})) x`,
      known,
    ),
  );

/** As if they had never been tried, the oldest first. Their last errors stay until they are done. */
export const sendAgain = (db: Db, which: DeadLetterRetry, limit: number) =>
  statement<{ bell: Bell }>(
    db,
    sql`update outbox set dead_at = null, done_at = null, uncertain_at = null, attempts = 0, run_at = now()
        where id in (select o.id from outbox o where ${areLike(which)} order by o.id limit ${limit} for update)
        returning ${bell} as bell`,
  );

const areLike = (which: DeadLetterRetry): SQL =>
  'id' in which
    ? sql`o.id = ${which.id} and (${isDead} or ${isUncertain})`
    : sql`${isDead} and o.event ->> 'type' = ${which.type} and starts_with(o.last_error, ${which.error})`;

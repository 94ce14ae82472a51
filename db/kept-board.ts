import { type SQL, sql } from 'drizzle-orm';
import { tagged } from './answer.ts';
import { type BoardQuery, boardJson } from './board.ts';
import { type Db, statement } from './client.ts';
import { asking, type Who } from './who.ts';

export type StampedBoard = { stamp: string; body: string | null; etag: string | null };

/**
 * The board and the stamp of all that it is made of, as one statement sees both; the stamp alone if it is the given one.
 * No body either where the home is not one of the caller's. `offset 0`, or Postgres would make the board before it compares.
 */
export const readUnlessKept = (db: Db, who: Who, query: BoardQuery, kept: string | null) =>
  statement<StampedBoard>(
    db,
    sql`with stamped as materialized (${stampOf(who)})
        select stamped.stamp, made.body, made.etag
        from stamped left join lateral (
          select body, etag from (${tagged(boardJson(who, query))}) board
          where stamped.stamp is distinct from ${kept} offset 0) made on true`,
  );

/**
 * What a board says follows from who asks, when and where, the look-ups, and what lives in their homes: whatever changes
 * there raises the home's version in the same transaction, which triggers do.
 */
const stampOf = (who: Who): SQL => sql`
  select md5(concat_ws(E'\n', who.user_id, who.zone, who.today,
    (select string_agg(m.residence_id || '.' || v.version, ' ' order by m.residence_id)
     from hd_membership m join residence_version v on v.residence_id = m.residence_id where m.user_id = who.user_id),
    (select string_agg(c::text, '' order by c.id) from task_taskcategory c),
    (select string_agg(p::text, '' order by p.id) from task_taskpriority p),
    (select string_agg(f::text, '' order by f.id) from task_taskfrequency f))) as stamp
  from (${asking(who)}) who`;

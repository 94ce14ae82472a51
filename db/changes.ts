import { type SQL, sql } from 'drizzle-orm';
import type { ChangesCursor } from '../domain/change.ts';
import { type Answered, tagged } from './answer.ts';
import { toldOf } from './change-data.ts';
import { type Db, statement } from './client.ts';
import { lookUps } from './tasks.ts';
import { waiting } from './waiting-changes.ts';
import { actorId, type Who } from './who.ts';

type ChangesQuery = { since: ChangesCursor; limit: number };

/**
 * What a client lacks, home after home: a home that is not in the cursor as it stands, then what its log says since; for a
 * home that the caller does not see, that it is gone. One statement sees one moment, at which each home's log is complete
 * up to its version. The cursor says where to look and never what may be seen.
 */
export function readChanges(db: Db, who: Who, { since, limit }: ChangesQuery, known: string[]) {
  return statement<Answered>(
    db,
    tagged(
      sql`
      with ${lookUps}, ${homes(who, since)}, ${waiting(who, limit + 1)}, paged as materialized (
        select * from (select w.*, row_number() over (order by residence_id, phase, a, b) as rank from waiting w) w
        where rank <= ${limit + 1}
      ), ${toldOf(who)}, results as (
        select w.rank, ${cursorOf(sql`h.before, ${position}, h.after`)} as cursor, w.type, w.action, w.id, w.residence_id,
          hd_moment(coalesce(w.at, (told.json ->> 'created_at')::timestamptz, (told.json ->> 'joined_at')::timestamptz)) as at,
          case when w.action <> 'deleted' then told.json end as data
        from paged w join homes_in_order h using (residence_id) left join told using (type, residence_id, id)
        where w.rank <= ${limit}
      )
      select json_build_object(
        'results', coalesce((
          select json_agg((select row_to_json(x) from (select r.cursor, r.type, r.action, r.id, r.residence_id, r.at, r.data) x)
            order by r.rank) from results r), '[]'),
        'next_cursor', case when has_more then (select cursor from results where rank = ${limit})
          else (select ${cursorOf(sql`string_agg(h.done, ',' order by h.residence_id)`)} from homes h) end,
        'has_more', has_more) as json
      from (select exists (select from paged where rank > ${limit}) as has_more) more`,
      known,
    ),
  );
}

/**
 * The homes that are seen or in the cursor, with where to go on in each. `whole_type` is null where only the log is left.
 * A cursor ahead of its home's version comes from a database that was set back: the home is delivered again.
 */
const homes = (who: Who, since: ChangesCursor): SQL => sql`
  given as (
    select * from json_to_recordset(${JSON.stringify(given(since))}::json)
      as g (residence_id bigint, version bigint, n bigint, whole_type int, whole_id bigint, entry text)
  ), placed as (
    select residence_id, m.user_id is null as is_gone, v.version as newest, g.entry, g.version, g.n, g.whole_type, g.whole_id,
      g.residence_id is null or g.version > v.version + 1 as is_new
    from (select * from hd_membership where user_id = ${actorId(who)}) m full join given g using (residence_id)
    left join residence_version v using (residence_id)
  ), homes as materialized (
    select residence_id, is_gone, newest, entry, case when not is_gone then format('"%s":[%s,0]', residence_id, newest + 1) end as done,
      case when is_new then newest else version end as version,
      case when is_new then newest + 1 when whole_type is null then version else version + 1 end as log_version,
      case when is_new or whole_type is not null then 0 else n end as log_n,
      case when is_gone then null when is_new then 0 else whole_type end as whole_type,
      case when is_new then 0 else whole_id end as whole_id
    from placed
  ), homes_in_order as (
    select *, string_agg(done, ',') over (order by residence_id rows between unbounded preceding and 1 preceding) as before,
      string_agg(entry, ',') over (order by residence_id rows between 1 following and unbounded following) as after
    from homes
  )`;

const given = (since: ChangesCursor) =>
  Object.entries(since).map(([residence_id, at]) => {
    const [version, second, third] = at;
    const rest = third === undefined ? { n: second } : { whole_type: second, whole_id: third };
    return { residence_id, version, ...rest, entry: `"${residence_id}":${JSON.stringify(at)}` };
  });

/** What a cursor says of the home of `w`, if the client has all up to it. */
const position = sql`case when w.action = 'deleted' and h.is_gone then null
  when w.phase = 0 then format('"%s":[%s,%s,%s]', w.residence_id, h.version, w.a, w.b)
  else format('"%s":[%s,%s]', w.residence_id, w.a, w.b) end`;

const cursorOf = (entries: SQL): SQL =>
  sql`translate(encode(convert_to('{' || concat_ws(',', ${entries}) || '}', 'UTF8'), 'base64'), E'+/=\n', '-_')`;

import { type SQL, sql } from 'drizzle-orm';
import { DELIVERED } from '../domain/change.ts';
import type { Who } from './who.ts';

const types = sql.raw(DELIVERED.map((type) => `'${type}'`).join(', '));

/**
 * What is still to be delivered, home after home: of homes that are delivered whole what stood there at their version and
 * is left, then the log. That a home was deleted is not told to those who see it, for it has come back.
 */
export const waiting = (who: Who, most: number): SQL => sql`
  born as materialized (
    select l.* from homes h cross join lateral (
      select l.residence_id, l.type, l.entity_id from change_log l
      where l.residence_id = h.residence_id and l.version > h.version and l.action = 'created'
      offset 0 -- else the planner, which cannot know how few the homes are, may read the log from end to end
    ) l where h.whole_type is not null and h.version < h.newest
  ), waiting as (
    select h.residence_id, w.* from (select * from homes order by residence_id) h cross join lateral (
      ${sql.join(
        DELIVERED.map((type, place) => standing(type, place, most)),
        sql` union all `,
      )}
      union all
      (select 1, l.version, l.n, t.type, t.action, t.id, l.at from change_log l cross join lateral (${ofEntry}) t
       where not h.is_gone and l.residence_id = h.residence_id and (l.version, l.n) > (h.log_version, h.log_n)
         and not (l.type = 'residence' and l.action = 'deleted')
       order by l.version, l.n limit ${most})
      union all
      select 0, 0, 0, 'residence', 'deleted', h.residence_id, ${who.now}::timestamptz where h.is_gone
    ) w
  )`;

/** Of one type, in a home that is delivered whole: what comes after the client's place, and is older than the delivery. */
const standing = (type: (typeof DELIVERED)[number], place: number, most: number): SQL => sql`
  (select 0 as phase, ${place}::bigint as a, e.id as b, ${type} as type, 'created' as action, e.id, null::timestamptz as at
   from (${STANDING[type]}) e
   where h.whole_type is not null and e.id > case when h.whole_type < ${place} then 0 when h.whole_type = ${place} then h.whole_id end
     and (h.residence_id, ${type}, e.id) not in (select residence_id, type, entity_id from born)
   order by e.id limit ${most})`;

/** A file that is looked at later, or gets a smaller picture, changes what it is a file of. */
const filesOf = (type: string, owner: (typeof DELIVERED)[number], table: SQL, owner_id: SQL): SQL => sql`
  select ${owner}::text, 'updated', f.${owner_id} from ${table} f
  where l.type = ${type} and f.id = l.entity_id and not exists (
    select from change_log o left join ${table} g on o.type = ${type} and g.id = o.entity_id and o.n < l.n
    where o.residence_id = l.residence_id and o.version = l.version
      and ((o.type, o.entity_id) = (${owner}, f.${owner_id}) or g.${owner_id} = f.${owner_id}))`;

/** What an entry `l` of the log tells, if anything. Of one version nothing is told twice. */
const ofEntry = sql`
  select l.type, l.action, l.entity_id as id where l.type in (${types})
  union all ${filesOf('completion_image', 'completion', sql`task_taskcompletionimage`, sql`completion_id`)}
  union all ${filesOf('document_file', 'document', sql`task_documentimage`, sql`document_id`)}`;

/** What stands in the home `h`, by type. */
const STANDING: Record<(typeof DELIVERED)[number], SQL> = {
  residence: sql`select h.residence_id as id`,
  member: sql`select m.user_id as id from residence_residence_users m join auth_user u on u.id = m.user_id
    where m.residence_id = h.residence_id and u.deleted_at is null`,
  contractor: sql`select id from task_contractor where residence_id = h.residence_id`,
  task: sql`select id from task_task where residence_id = h.residence_id`,
  completion: sql`select id from task_taskcompletion where residence_id = h.residence_id`,
  document: sql`select id from task_document where residence_id = h.residence_id`,
};

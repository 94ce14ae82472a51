import { type SQL, sql } from 'drizzle-orm';
import type { ResidencesQuery } from '../../domain/admin/residence.ts';
import { type Db, statement } from '../client.ts';
import { homeFields } from '../residences.ts';
import { byId, type Source } from './list.ts';

const place = sql`(t.name || ' ' || coalesce(t.street_address, '') || ' ' || coalesce(t.city, '') || ' ' || coalesce(t.postal_code, ''))`;
const owner = (
  field: SQL,
): SQL => sql`(select ${field} from residence_residence_users m join auth_user u on u.id = m.user_id
  where m.residence_id = t.id and m.role = 'owner')`;

/** `ResidenceRow` in domain/admin/residence.ts is the shape of a row. */
export const residences: Source<ResidencesQuery> = {
  from: sql`residence_residence`,
  row: sql`t.id, t.name, t.city, t.state_province, t.postal_code, t.country, ${owner(sql`u.id`)} as owner_id,
    ${owner(sql`u.email`)} as owner_email,
    (select count(*) from residence_residence_users m where m.residence_id = t.id) as user_count,
    (select count(*) from task_task k where k.residence_id = t.id) as task_count,
    t.is_paused, hd_moment(t.deleted_at) as deleted_at, hd_moment(t.created_at) as created_at`,
  sorts: byId,
  search: (pattern) => sql`${place} ilike ${pattern}`,
  filters: {
    is_paused: (is) => sql`t.is_paused = ${is}::boolean`,
    is_deleted: (is) => (is ? sql`t.deleted_at is not null` : sql`t.deleted_at is null`),
    user_id: (id) => sql`t.id in (select m.residence_id from residence_residence_users m where m.user_id = ${id})`,
  },
};

const countOf = (table: SQL): SQL => sql`(select count(*) from ${table} k where k.residence_id = h.id)`;

/** Whether a member has deleted their account or not. */
const members = sql`(select coalesce(json_agg(json_build_object('user_id', m.user_id, 'username', u.username, 'email', u.email,
    'first_name', u.first_name, 'last_name', u.last_name, 'role', m.role, 'joined_at', hd_moment(m.created_at),
    'deleted_at', hd_moment(u.deleted_at)) order by m.created_at, m.user_id), '[]')
  from residence_residence_users m join auth_user u on u.id = m.user_id where m.residence_id = h.id)`;

/** `AdminResidence` in domain/admin/residence.ts is its shape; deleted homes are read as well. */
export const oneResidence = (id: number): SQL => sql`
  select (to_jsonb(x) - 'role')::json as json from (
    select ${homeFields}, hd_moment(h.deleted_at) as deleted_at, ${members} as members, json_build_object(
      'tasks', ${countOf(sql`task_task`)}, 'completions', ${countOf(sql`task_taskcompletion`)},
      'contractors', ${countOf(sql`task_contractor`)}, 'documents', ${countOf(sql`task_document`)},
      'share_codes', ${countOf(sql`residence_residencesharecode`)}) as counts
    from (
      select r.*, null as role, v.version, (select count(*) from residence_residence_users m where m.residence_id = r.id) as user_count
      from residence_residence r join residence_version v on v.residence_id = r.id where r.id = ${id}) h) x`;

export const ownerOf = (id: number): SQL =>
  sql`(select user_id from residence_residence_users where residence_id = ${id} and role = 'owner')`;

/** Of a home `t`. */
export const isThere = sql`t.deleted_at is null`;

export const setPaused = (db: Db, id: number, is_paused: boolean) =>
  statement(db, sql`update residence_residence set is_paused = ${is_paused}::boolean where id = ${id}`);

/** Whoever owns it has to be there; their tier is not asked. */
export const canComeBack = sql`t.deleted_at is not null and exists (
  select from residence_residence_users m join auth_user u on u.id = m.user_id and u.deleted_at is null
  where m.residence_id = t.id and m.role = 'owner')`;

export const bringBack = (db: Db, id: number) =>
  statement(db, sql`update residence_residence set deleted_at = null where id = ${id}`);

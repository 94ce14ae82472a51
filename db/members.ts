import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Role } from '../domain/residence.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { type FoundResidence, foundResidence } from './residences.ts';
import { members } from './schema/residences.ts';
import { actorId, type Who } from './who.ts';

/** Who is in a home. People who deleted their account are not, though their rows wait 30 days for them. */
export const people = (residence_id: number | SQL) => sql`
  select m.user_id, u.username, u.first_name, u.last_name, m.role, m.created_at as joined_at, m.row_version
  from residence_residence_users m join auth_user u on u.id = m.user_id and u.deleted_at is null
  where m.residence_id = ${residence_id}`;

/** One of them aliased `t` as the `json` that is answered; `Member` in domain/member.ts is its shape. */
export const personJson = sql`(select row_to_json(x) from (select t.user_id, t.username, t.first_name, t.last_name, t.role,
  hd_moment(t.joined_at) as joined_at) x)`;

const onePerson = (residence_id: number, user_id: number) =>
  sql`select ${personJson} as json, t.row_version from (${people(residence_id)}) t where t.user_id = ${user_id}`;

export const memberWritten = (residence_id: number, user_id: number): SQL =>
  tagged(onePerson(residence_id, user_id), [], true);

/** The caller's own row of the home aliased `me`: no row for strangers. */
const seenBy = (who: Who, residence_id: number) =>
  sql`hd_membership me where me.residence_id = ${residence_id} and me.user_id = ${actorId(who)}`;

/** Where a page of members ended. */
export type MemberCursor = [joined_at: string, user_id: number];

/** The home's members in the order they came, a page at a time; no row if the home is not one of the caller's. */
export const readMembers = (
  db: Db,
  who: Who,
  residence_id: number,
  { limit, after }: { limit: number; after: MemberCursor | null },
  known: string[],
) =>
  statement<Answered>(
    db,
    tagged(
      sql`
      with paged as (
        select p.*, row_number() over (order by p.joined_at, p.user_id) as rank from (${people(residence_id)}) p
        where ${after === null ? sql`true` : sql`(p.joined_at, p.user_id) > (${after[0]}::timestamptz, ${after[1]}::bigint)`}
        order by rank limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((select json_agg(${personJson} order by t.rank) from paged t where t.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.joined_at, t.user_id)`, limit)})) as json
      from ${seenBy(who, residence_id)}`,
      known,
    ),
  );

export type FoundMember = {
  /** The caller's. */
  role: Role;
  member: { role: Role };
  /** Of the home, which moves with its members. */
  home_version: number;
  row_version: number;
  etag: string;
};

/** A member to decide on, as the caller sees them. */
export const findMember = (db: Db, who: Who, residence_id: number, user_id: number) =>
  statement<{ found: FoundMember }>(
    db,
    sql`select json_build_object('role', me.role, 'member', json_build_object('role', p.role),
          'home_version', (select row_version from residence_residence where id = ${residence_id}),
          'row_version', p.row_version, 'etag', tag.etag) as found
        from (${people(residence_id)}) p, (${memberWritten(residence_id, user_id)}) tag, ${seenBy(who, residence_id)}
        and p.user_id = ${user_id}`,
  );

/** A home to decide on, and what somebody is in it who might be given it; null if they are not. */
export const findHeir = (db: Db, who: Who, residence_id: number, user_id: number) =>
  statement<{ found: FoundResidence & { heir: Role | null } }>(
    db,
    sql`select (h.found::jsonb || jsonb_build_object('heir', (
          select p.role from (${people(residence_id)}) p where p.user_id = ${user_id})))::json as found
        from (${foundResidence(who, residence_id)}) h`,
  );

export const addMember = (db: Db, residence_id: number | SQL, user_id: number | SQL, role: Role) =>
  db.insert(members).values({ residence_id: sql`${residence_id}`, user_id: sql`${user_id}`, role });

export const setRole = (db: Db, residence_id: number, user_id: number | SQL, role: Role) =>
  db.update(members).set({ role }).where(isOf(residence_id, user_id));

/** Tasks assigned to them become nobody's. */
export const deleteMember = (db: Db, residence_id: number, user_id: number | SQL) =>
  db.delete(members).where(isOf(residence_id, user_id));

const isOf = (residence_id: number, user_id: number | SQL) =>
  and(eq(members.residence_id, residence_id), eq(members.user_id, user_id));

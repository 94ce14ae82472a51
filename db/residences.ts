import { eq, type SQL, sql } from 'drizzle-orm';
import { PROFILE_FIELDS, type Role } from '../domain/residence.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { members, residences } from './schema/residences.ts';
import { actorId, type Who } from './who.ts';

/** The id that this batch's insert has just drawn. */
export const newResidenceId = sql`currval('residence_residence_id_seq')`;

const filled = sql.raw(`num_nonnulls(${PROFILE_FIELDS.map((field) => `t.${field}`).join(', ')})`);
/** The 14 fields and the climate region (tasks.md); the region is not known yet. */
const PROFILE_PARTS = PROFILE_FIELDS.length + 1;

const homes = (who: Who, which: SQL) => sql`
  select r.*, m.role, v.version,
    (select count(*) from residence_residence_users u where u.residence_id = r.id) as user_count
  from residence_residence r
  join hd_membership m on m.residence_id = r.id and m.user_id = ${actorId(who)}
  join residence_version v on v.residence_id = r.id
  where ${which}`;

/** A home aliased `t` as the `json` that is answered; `Residence` in domain/residence.ts is its shape. */
const homeJson = sql`(select row_to_json(x) from (select
  t.id, t.name, t.property_type_id, t.street_address, t.apartment_unit, t.city, t.state_province, t.postal_code, t.country,
  t.bedrooms, t.bathrooms, t.square_footage, t.lot_size, t.year_built, t.description, t.purchase_date,
  t.purchase_price::text, t.is_primary, t.heating_type, t.cooling_type, t.water_heater_type, t.roof_type, t.exterior_type,
  t.flooring_primary, t.landscaping_type, t.has_pool, t.has_sprinkler_system, t.has_septic, t.has_fireplace, t.has_garage,
  t.has_basement, t.has_attic, t.is_paused, t.role, t.version,
  round(${filled}::numeric / ${PROFILE_PARTS}::int, 4) as profile_completeness, t.user_count,
  hd_moment(t.created_at) as created_at, hd_moment(t.updated_at) as updated_at) x)`;

const oneHome = (who: Who, id: number | SQL) =>
  sql`select ${homeJson} as json, t.row_version from (${homes(who, sql`r.id = ${id}`)}) t`;

export const readResidence = (db: Db, who: Who, id: number, known: string[]) =>
  statement<Answered>(db, tagged(oneHome(who, id), known, true));

export const residenceWritten = (who: Who, id: number | SQL): SQL => tagged(oneHome(who, id), [], true);

/** The caller's homes in the order they were made, a page at a time. */
export const readResidences = (db: Db, who: Who, page: { limit: number; after: number | null }, known: string[]) =>
  statement<Answered>(
    db,
    tagged(
      sql`
      with paged as (
        select h.*, row_number() over (order by h.id) as rank
        from (${homes(who, sql`r.id > ${page.after ?? 0}`)}) h order by h.id limit ${page.limit + 1}
      )
      select json_build_object(
        'results', coalesce((select json_agg(${homeJson} order by t.rank) from paged t where t.rank <= ${page.limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.id)`, page.limit)})) as json`,
      known,
    ),
  );

export type FoundResidence = { residence_id: number; role: Role; row_version: number; etag: string };

/** A home to decide on: the caller's role, and the validator of what a read would answer. */
export const findResidence = (db: Db, who: Who, id: number) =>
  statement<{ found: FoundResidence }>(
    db,
    sql`select json_build_object('residence_id', t.id, 'role', t.role, 'row_version', t.row_version, 'etag', tag.etag) as found
        from (${homes(who, sql`r.id = ${id}`)}) t, (${tagged(oneHome(who, id), [], true)}) tag`,
  );

type ResidenceValues = typeof residences.$inferInsert;

export const addResidence = (db: Db, residence: ResidenceValues) => db.insert(residences).values(residence);

export const addMember = (db: Db, residence_id: number | SQL, user_id: number | SQL, role: Role) =>
  db.insert(members).values({ residence_id: sql`${residence_id}`, user_id: sql`${user_id}`, role });

export const updateResidence = (db: Db, id: number, change: Partial<ResidenceValues>) =>
  db.update(residences).set(change).where(eq(residences.id, id));

/** Takes the home out of everybody's sight; its rows wait 30 days for the owner to change their mind. */
export const hideResidence = (db: Db, id: number) =>
  db.update(residences).set({ deleted_at: sql`now()` }).where(eq(residences.id, id));

import { eq, type SQL, sql } from 'drizzle-orm';
import { RESTORABLE_DAYS } from '../domain/account.ts';
import { PROFILE_FIELDS, type Role } from '../domain/residence.ts';
import { type Answered, tagged } from './answer.ts';
import { nextCursor } from './board.ts';
import { type Db, statement } from './client.ts';
import { residences } from './schema/residences.ts';
import { homeSummary } from './summary.ts';
import { actorId, type Who } from './who.ts';

/** The id that this batch's insert has just drawn. */
export const newResidenceId = sql`currval('residence_residence_id_seq')`;

/** The 14 profile fields and the climate region (tasks.md). */
const PROFILE_PARTS = [...PROFILE_FIELDS, 'climate_region'];
const filled = sql.raw(`num_nonnulls(${PROFILE_PARTS.map((field) => `h.${field}`).join(', ')})`);

export const homes = (who: Who, which: SQL) => sql`
  select r.*, m.role, v.version,
    (select count(*) from residence_residence_users u join auth_user a on a.id = u.user_id and a.deleted_at is null
     where u.residence_id = r.id) as user_count
  from residence_residence r
  join hd_membership m on m.residence_id = r.id and m.user_id = ${actorId(who)}
  join residence_version v on v.residence_id = r.id
  where ${which}`;

/** What is answered of a home aliased `h`; `Residence` in domain/residence.ts is its shape. */
export const homeFields = sql`
  h.id, h.name, h.property_type_id, h.street_address, h.apartment_unit, h.city, h.state_province, h.postal_code, h.country,
  h.bedrooms, h.bathrooms, h.square_footage, h.lot_size, h.year_built, h.description, h.purchase_date,
  h.purchase_price::text, h.is_primary, h.heating_type, h.cooling_type, h.water_heater_type, h.roof_type, h.exterior_type,
  h.flooring_primary, h.landscaping_type, h.has_pool, h.has_sprinkler_system, h.has_septic, h.has_fireplace, h.has_garage,
  h.has_basement, h.has_attic, h.is_paused, h.role, h.version, h.climate_region,
  round(${filled}::numeric / ${PROFILE_PARTS.length}::int, 4) as profile_completeness, h.user_count,
  hd_moment(h.created_at) as created_at, hd_moment(h.updated_at) as updated_at`;

const oneHome = (who: Who, id: number | SQL) => sql`
  select (select row_to_json(x) from (select ${homeFields}) x) as json, h.row_version
  from (${homes(who, sql`r.id = ${id}`)}) h`;

export const readResidence = (db: Db, who: Who, id: number, known: string[]) =>
  statement<Answered>(db, tagged(oneHome(who, id), known, true));

export const residenceWritten = (who: Who, id: number | SQL): SQL => tagged(oneHome(who, id), [], true);

type Page = { limit: number; after: number | null };

/** The caller's homes in the order they were made, a page at a time. */
export const readResidences = (db: Db, who: Who, page: Page, known: string[]) =>
  readPage(db, who, page, known, homeFields);

/** The same, each with what its tasks come to. */
export const readMyResidences = (db: Db, who: Who, page: Page, known: string[]) =>
  readPage(db, who, page, known, sql`${homeFields}, ${homeSummary(who, sql`h.id`)} as summary`);

const readPage = (db: Db, who: Who, { limit, after }: Page, known: string[], fields: SQL) =>
  statement<Answered>(
    db,
    tagged(
      sql`
      with paged as (
        select r.*, row_number() over (order by r.id) as rank
        from (${homes(who, sql`r.id > ${after ?? 0}`)}) r order by r.id limit ${limit + 1}
      )
      select json_build_object(
        'results', coalesce((
          select json_agg((select row_to_json(x) from (select ${fields}) x) order by h.rank)
          from paged h where h.rank <= ${limit}), '[]'),
        'next_cursor', (${nextCursor(sql`json_build_array(t.id)`, limit)})) as json`,
      known,
    ),
  );

export type FoundResidence = {
  role: Role;
  postal_code: string | null;
  country: string | null;
  row_version: number;
  etag: string;
};

/** A home to decide on: the caller's role, its address, and the validator of what a read would answer. */
export const findResidence = (db: Db, who: Who, id: number) =>
  statement<{ found: FoundResidence }>(db, foundResidence(who, id));

export const foundResidence = (who: Who, id: number): SQL => sql`
  select json_build_object('role', h.role, 'postal_code', h.postal_code, 'country', h.country,
    'row_version', h.row_version, 'etag', tag.etag) as found
  from (${homes(who, sql`r.id = ${id}`)}) h, (${residenceWritten(who, id)}) tag`;

type ResidenceValues = typeof residences.$inferInsert;

export const addResidence = (db: Db, residence: ResidenceValues) => db.insert(residences).values(residence);

export const updateResidence = (db: Db, id: number, change: Partial<ResidenceValues>) =>
  db.update(residences).set(change).where(eq(residences.id, id));

/** The home's row moves with its members: its answer counts them, and who decided on them as they were finds out. */
export const touchResidence = (db: Db, id: number | SQL) =>
  db.update(residences).set({ updated_at: sql`now()` }).where(eq(residences.id, id));

/** Takes the home out of everybody's sight; its rows wait 30 days for the owner to change their mind. */
export const hideResidence = (db: Db, id: number) =>
  db.update(residences).set({ deleted_at: sql`now()` }).where(eq(residences.id, id));

/** Brings a home back that the caller owns and deleted in the last 30 days, if their tier has room for it (migrations/0004). */
export const restoreResidence = (db: Db, id: number) => statement(db, sql`select hd_restore_residence(${id})`);

const isPastGrace = sql`deleted_at < now() - make_interval(days => ${RESTORABLE_DAYS})`;

/** Homes that nobody can bring back any more, those that went first. */
export const findErasable = (db: Db, limit: number) =>
  statement<{ residence_id: number }>(
    db,
    sql`select id::int as residence_id from residence_residence where ${isPastGrace} order by deleted_at limit ${limit}`,
  );

/** What each statement of this transaction may take, beyond what the role may. */
export const allowTime = (db: Db, seconds: number) =>
  statement(db, sql`select set_config('statement_timeout', ${`${seconds}s`}, true)`);

/** All that is in a home goes with it. */
export const eraseResidence = (db: Db, id: number) =>
  statement(db, sql`delete from residence_residence where id = ${id} and ${isPastGrace}`);

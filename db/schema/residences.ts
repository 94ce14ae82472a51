import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, numeric, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { civil, hash_key, id, moment, ref, transactionId, versioned } from './columns.ts';
import { residenceTypes } from './look-ups.ts';
import { users } from './users.ts';

export const residences = pgTable(
  'residence_residence',
  {
    id: id(),
    name: text().notNull(),
    property_type_id: ref().references(() => residenceTypes.id),
    street_address: text(),
    apartment_unit: text(),
    city: text(),
    state_province: text(),
    postal_code: text(),
    country: text(),
    bedrooms: integer(),
    bathrooms: numeric({ precision: 4, scale: 1, mode: 'number' }),
    square_footage: integer(),
    lot_size: numeric({ precision: 12, scale: 2, mode: 'number' }),
    year_built: integer(),
    description: text(),
    purchase_date: civil(),
    purchase_price: numeric({ precision: 14, scale: 2 }),
    is_primary: boolean().notNull().default(false),
    is_paused: boolean().notNull().default(false),
    heating_type: text(),
    cooling_type: text(),
    water_heater_type: text(),
    roof_type: text(),
    exterior_type: text(),
    flooring_primary: text(),
    landscaping_type: text(),
    has_pool: boolean(),
    has_sprinkler_system: boolean(),
    has_septic: boolean(),
    has_fireplace: boolean(),
    has_garage: boolean(),
    has_basement: boolean(),
    has_attic: boolean(),
    /** The IECC zone, 1 to 8, of a US postal code; follows from postal_code and country. */
    climate_region: integer(),
    deleted_at: moment(),
    hash_key: hash_key(),
    ...versioned(),
  },
  (t) => [index('residence_residence_deleted_idx').on(t.deleted_at).where(sql`deleted_at is not null`)],
);

export const members = pgTable(
  'residence_residence_users',
  {
    residence_id: ref()
      .notNull()
      .references(() => residences.id, { onDelete: 'cascade' }),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text({ enum: ['owner', 'member', 'viewer'] }).notNull(),
    ...versioned(),
  },
  (t) => [
    primaryKey({ columns: [t.residence_id, t.user_id] }),
    index('residence_residence_users_user_idx').on(t.user_id, t.residence_id),
    uniqueIndex('residence_residence_users_one_owner').on(t.residence_id).where(sql`role = 'owner'`),
    check('residence_residence_users_role', sql`role in ('owner', 'member', 'viewer')`),
  ],
);

/** What lets somebody join a home: one standing code, and any number that are good once. */
export const shareCodes = pgTable(
  'residence_residencesharecode',
  {
    id: id(),
    residence_id: ref()
      .notNull()
      .references(() => residences.id, { onDelete: 'cascade' }),
    code: text().notNull().unique('residence_residencesharecode_code_key'),
    /** What whoever joins by it becomes. */
    role: text({ enum: ['member', 'viewer'] })
      .notNull()
      .default('member'),
    one_time: boolean().notNull().default(false),
    expires_at: moment().notNull(),
    created_by_id: ref().references(() => users.id, { onDelete: 'set null' }),
    spent_at: moment(),
    spent_by_id: ref().references(() => users.id, { onDelete: 'set null' }),
    ...versioned(),
  },
  (t) => [
    uniqueIndex('residence_residencesharecode_one_standing').on(t.residence_id).where(sql`not one_time`),
    index('residence_residencesharecode_residence_idx').on(t.residence_id),
    index('residence_residencesharecode_expires_idx').on(t.expires_at),
    check('residence_residencesharecode_role', sql`role in ('member', 'viewer')`),
    check('residence_residencesharecode_spent', sql`one_time or spent_at is null`),
  ],
);

/** The one row of a home that every write to it locks first: it puts the home's writes in one order. */
export const residenceVersions = pgTable('residence_version', {
  residence_id: ref()
    .primaryKey()
    .references(() => residences.id, { onDelete: 'cascade' }),
  version: ref().notNull().default(1),
  /** The transaction that raised it, so that one transaction raises it once. */
  raised_by: transactionId().notNull(),
});

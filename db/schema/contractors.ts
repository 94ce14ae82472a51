import { sql } from 'drizzle-orm';
import { boolean, check, index, numeric, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, ref, versioned } from './columns.ts';
import { contractorSpecialties } from './look-ups.ts';
import { residences } from './residences.ts';
import { users } from './users.ts';

/** Somebody a family calls: of a home, seen by all its members, or personal, seen by its owner alone. */
export const contractors = pgTable(
  'task_contractor',
  {
    id: id(),
    residence_id: ref().references(() => residences.id, { onDelete: 'cascade' }),
    /** Of a personal contractor. */
    owner_id: ref().references(() => users.id, { onDelete: 'cascade' }),
    created_by_id: ref().references(() => users.id, { onDelete: 'set null' }),
    name: text().notNull(),
    company: text(),
    phone: text(),
    email: text(),
    website: text(),
    notes: text(),
    street_address: text(),
    city: text(),
    state_province: text(),
    postal_code: text(),
    rating: numeric({ precision: 2, scale: 1, mode: 'number' }),
    is_favorite: boolean().notNull().default(false),
    ...versioned(),
  },
  (t) => [
    // What a task's reference to a contractor of its own home points at.
    uniqueIndex('task_contractor_home_key').on(t.residence_id, t.id),
    index('task_contractor_owner_idx').on(t.owner_id),
    check('task_contractor_name', sql`char_length(name) between 1 and 200`),
    check('task_contractor_rating', sql`rating between 0 and 5`),
    check('task_contractor_home_or_owner', sql`(residence_id is null) <> (owner_id is null)`),
  ],
);

export const contractorsSpecialties = pgTable(
  'task_contractor_specialties',
  {
    contractor_id: ref()
      .notNull()
      .references(() => contractors.id, { onDelete: 'cascade' }),
    specialty_id: ref()
      .notNull()
      .references(() => contractorSpecialties.id),
  },
  (t) => [
    primaryKey({ columns: [t.contractor_id, t.specialty_id] }),
    index('task_contractor_specialties_specialty_idx').on(t.specialty_id),
  ],
);

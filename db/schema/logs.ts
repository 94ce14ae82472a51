import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment, ref } from './columns.ts';

// Written by triggers alone: the migrations read this file, the Worker never does.

/** Who did what to what. Written by triggers alone; nobody may update or delete. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    at: moment().notNull().default(sql`now()`),
    /** `user`, `admin`, or `system` for what no request asked for. */
    actor_type: text().notNull(),
    actor_id: ref(),
    action: text().notNull(),
    target_type: text().notNull(),
    target_id: ref().notNull(),
    residence_id: ref(),
    /** `{ field: [before, after] }` of an update. Text that may be personal is a keyed hash. */
    changed: jsonb(),
    request_id: text(),
    address: text(),
  },
  (t) => [
    index('audit_log_target_idx').on(t.target_type, t.target_id),
    index('audit_log_actor_idx').on(t.actor_id, t.id),
    index('audit_log_home_idx').on(t.residence_id, t.id).where(sql`residence_id is not null`),
    index('audit_log_admin_idx').on(t.id).where(sql`actor_type = 'admin'`),
    index('audit_log_request_idx').on(t.request_id),
    index('audit_log_whole_address_idx').on(t.at).where(sql`address not like '%/%'`),
  ],
);

/** What changed in a home, in the order of its commits; at most one row per entity and version. */
export const changeLog = pgTable(
  'change_log',
  {
    residence_id: ref().notNull(),
    version: ref().notNull(),
    n: integer().notNull(),
    type: text().notNull(),
    action: text().notNull(),
    entity_id: ref().notNull(),
    at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.residence_id, t.version, t.n] }),
    uniqueIndex('change_log_entity_key').on(t.residence_id, t.version, t.type, t.entity_id),
  ],
);

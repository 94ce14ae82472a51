import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment, ref } from './columns.ts';
import { residences } from './residences.ts';
import { users } from './users.ts';

/** Every fact that may have consequences, written with the change itself. It owns the retries; a queue only rings. */
export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    event: jsonb().notNull(),
    request_id: text(),
    /** W3C trace context of the request, so that what follows belongs to its trace. */
    traceparent: text(),
    attempts: integer().notNull().default(0),
    run_at: moment().notNull().default(sql`now()`),
    lease_until: moment(),
    last_error: text(),
    created_at: moment().notNull().default(sql`now()`),
    done_at: moment(),
    dead_at: moment(),
  },
  (t) => [index('outbox_pending_idx').on(t.run_at).where(sql`done_at is null and dead_at is null`)],
);

/** The answer to a write that carried an Idempotency-Key, kept for seven days. */
export const idempotencyKeys = pgTable(
  'idempotency_key',
  {
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    key: text().notNull(),
    /** SHA-256 over method, path and body: the same key with another request is refused. */
    fingerprint: text().notNull(),
    status: integer(),
    result: text(),
    etag: text(),
    created_at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ name: 'idempotency_key_pkey', columns: [t.user_id, t.key] }),
    index('idempotency_key_created_idx').on(t.created_at),
  ],
);

/** Who did what to what. Written by triggers alone; nobody may update or delete. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    at: moment().notNull().default(sql`now()`),
    /** `user`, or `system` for what no request asked for. */
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

export const notifications = pgTable(
  'notifications_notification',
  {
    id: id(),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    residence_id: ref().references(() => residences.id, { onDelete: 'cascade' }),
    /** The event that it tells of: a handler that runs twice tells once. */
    event_id: ref().notNull(),
    type: text().notNull(),
    title: text().notNull(),
    body: text().notNull(),
    data: jsonb().notNull().default({}),
    read_at: moment(),
    created_at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    uniqueIndex('notifications_notification_once').on(t.user_id, t.event_id),
    index('notifications_notification_user_idx').on(t.user_id, t.id),
  ],
);

/** Exact counts in fixed windows of time; a row per subject and window. */
export const rateCounters = pgTable(
  'rate_counter',
  {
    subject: text().notNull(),
    window_start: moment().notNull(),
    count: integer().notNull(),
    /** Where attempts on an account came from, as digests; each counts once. */
    sources: text().array().notNull().default(sql`'{}'`),
  },
  (t) => [primaryKey({ columns: [t.subject, t.window_start] }), index('rate_counter_window_idx').on(t.window_start)],
);

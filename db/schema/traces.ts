import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { id, moment, ref } from './columns.ts';
import { users } from './users.ts';

/** Every fact that may have consequences, written with the change itself. It owns the retries; a queue only rings. */
export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    event: jsonb().notNull(),
    /** Which queue rings for it: each has its own pace and its own dead letters. */
    queue: text({ enum: ['jobs', 'push', 'apns', 'mail', 'maintenance', 'long'] })
      .notNull()
      .default('jobs'),
    request_id: text(),
    /** W3C trace context of the request, so that what follows belongs to its trace. */
    traceparent: text(),
    attempts: integer().notNull().default(0),
    run_at: moment().notNull().default(sql`now()`),
    lease_until: moment(),
    last_error: text(),
    /** Since when it is not known whether its outside effect happened. */
    uncertain_at: moment(),
    created_at: moment().notNull().default(sql`now()`),
    done_at: moment(),
    dead_at: moment(),
  },
  (t) => [
    index('outbox_due_idx').on(t.queue, t.run_at).where(sql`done_at is null and dead_at is null`),
    index('outbox_done_idx').on(t.done_at).where(sql`done_at is not null`),
    index('outbox_uncertain_idx').on(t.uncertain_at).where(sql`uncertain_at is not null`),
    index('outbox_dead_idx').on(t.dead_at).where(sql`dead_at is not null`),
    index('outbox_request_idx').on(t.request_id).where(sql`request_id is not null`),
    index('outbox_trace_idx').on(sql`substr(traceparent, 4, 32)`).where(sql`traceparent is not null`),
    check('outbox_queue', sql`queue in ('jobs', 'push', 'apns', 'mail', 'maintenance', 'long')`),
  ],
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

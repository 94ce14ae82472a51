import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { id, moment, ref, versioned } from './columns.ts';

/** Lets a website hand in messages. Only a digest of the key is kept. */
export const contactKeys = pgTable(
  'contact_apikey',
  {
    id: id(),
    name: text().notNull(),
    digest: text().notNull().unique('contact_apikey_digest_key'),
    /** The end of the key, so that an operator can tell two apart. */
    hint: text().notNull(),
    /** How many messages it may bring in an hour. */
    per_hour: integer().notNull().default(60),
    revoked_at: moment(),
    ...versioned(),
  },
  () => [check('contact_apikey_per_hour', sql`per_hour > 0`)],
);

export const contactMessages = pgTable(
  'contact_message',
  {
    id: id(),
    api_key_id: ref()
      .notNull()
      .references(() => contactKeys.id),
    name: text().notNull(),
    email: text().notNull(),
    message: text().notNull(),
    status: text({ enum: ['new', 'answered', 'closed'] })
      .notNull()
      .default('new'),
    /** When the operator was told by mail. */
    mailed_at: moment(),
    ...versioned(),
  },
  (t) => [
    index('contact_message_status_idx').on(t.status, t.id),
    check('contact_message_status', sql`status in ('new', 'answered', 'closed')`),
  ],
);

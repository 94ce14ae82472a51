import { sql } from 'drizzle-orm';
import { check, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment, ref, versioned } from './columns.ts';

/** Whoever runs honeyDue. No user is one, and no admin is a user. */
export const admins = pgTable(
  'admin_user',
  {
    id: id(),
    email: text().notNull(),
    name: text().notNull(),
    /** A PHC string. */
    password_hash: text().notNull(),
    /** `support` reads. */
    role: text({ enum: ['admin', 'support'] }).notNull(),
    /** Encrypted under a signing key: whoever has the database alone can't make codes. */
    totp_secret: text().notNull(),
    /** The time step of the last code that was taken: each is good once. */
    totp_step: ref().notNull().default(0),
    disabled_at: moment(),
    last_login_at: moment(),
    ...versioned(),
  },
  (t) => [
    uniqueIndex('admin_user_email_key').on(t.email),
    check('admin_user_role', sql`role in ('admin', 'support')`),
    check('admin_user_email', sql`email = lower(email)`),
  ],
);

/** In place of a lost phone; each is good once. */
export const recoveryCodes = pgTable(
  'admin_recoverycode',
  {
    admin_id: ref()
      .notNull()
      .references(() => admins.id, { onDelete: 'cascade' }),
    digest: text().notNull(),
    used_at: moment(),
  },
  (t) => [primaryKey({ columns: [t.admin_id, t.digest] })],
);

export const adminSessions = pgTable(
  'admin_session',
  {
    id: id(),
    admin_id: ref()
      .notNull()
      .references(() => admins.id, { onDelete: 'cascade' }),
    /** SHA-256 of the cookie. */
    digest: text().notNull().unique('admin_session_digest_key'),
    last_used_at: moment().notNull().default(sql`now()`),
    /** When the password and a code were last shown: what destroys asks for them again. */
    confirmed_at: moment().notNull().default(sql`now()`),
    ip: text(),
    user_agent: text(),
    created_at: moment().notNull().default(sql`now()`),
  },
  (t) => [index('admin_session_admin_idx').on(t.admin_id), index('admin_session_created_idx').on(t.created_at)],
);

import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { hash_key, id, moment, ref, versioned } from './columns.ts';

export const users = pgTable(
  'auth_user',
  {
    id: id(),
    username: text().notNull(),
    email: text().notNull(),
    /** PHC string; carries its own parameters. */
    password_hash: text().notNull(),
    first_name: text().notNull().default(''),
    last_name: text().notNull().default(''),
    timezone: text(),
    is_verified: boolean().notNull().default(false),
    deleted_at: moment(),
    hash_key: hash_key(),
    ...versioned(),
  },
  (t) => [
    uniqueIndex('auth_user_username_key').on(sql`lower(${t.username})`),
    uniqueIndex('auth_user_email_key').on(sql`lower(${t.email})`),
  ],
);

/** Identities of Apple and Google that sign a user in. */
export const socialAccounts = pgTable(
  'user_socialaccount',
  {
    id: id(),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    provider: text({ enum: ['apple', 'google'] }).notNull(),
    /** The issuer's own name for the person; never changes. */
    subject: text().notNull(),
    created_at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    uniqueIndex('user_socialaccount_subject_key').on(t.provider, t.subject),
    index('user_socialaccount_user_idx').on(t.user_id),
    check('user_socialaccount_provider', sql`provider in ('apple', 'google')`),
  ],
);

/**
 * A code that was sent by e-mail; the latest of its purpose alone is good. The six digits follow from `nonce` and the
 * signing key, so that a repeated job mails the same code and the table alone gives none away.
 */
export const confirmationCodes = pgTable(
  'user_confirmationcode',
  {
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    purpose: text({ enum: ['verify_email', 'reset_password', 'change_email'] }).notNull(),
    nonce: text().notNull(),
    /** Where it was sent; what a verified code proves. */
    email: text().notNull(),
    tries: integer().notNull().default(0),
    expires_at: moment().notNull(),
    created_at: moment().notNull().default(sql`now()`),
  },
  (t) => [
    primaryKey({ columns: [t.user_id, t.purpose] }),
    index('user_confirmationcode_expires_idx').on(t.expires_at),
    check('user_confirmationcode_purpose', sql`purpose in ('verify_email', 'reset_password', 'change_email')`),
  ],
);

export const sessions = pgTable(
  'user_authtoken',
  {
    id: id(),
    user_id: ref()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the token in hex; the token itself is kept nowhere. */
    digest: text().notNull().unique('user_authtoken_digest_key'),
    device_name: text(),
    address: text(),
    user_agent: text(),
    created_at: moment().notNull().default(sql`now()`),
    last_used_at: moment().notNull().default(sql`now()`),
  },
  (t) => [index('user_authtoken_user_idx').on(t.user_id)],
);

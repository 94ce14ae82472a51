import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
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

import { sql } from 'drizzle-orm';
import { bigint, customType, date } from 'drizzle-orm/pg-core';

/** A point in time: `timestamptz` in the database, RFC 3339 in UTC everywhere else. */
export const moment = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp with time zone',
  fromDriver: (text) => new Date(text).toISOString(),
});

/** A civil date, `YYYY-MM-DD`, in nobody's zone. */
export const civil = () => date({ mode: 'string' });

/** Raw bytes that never leave the database. */
export const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

export const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });

export const ref = () => bigint({ mode: 'number' });
export const id = () => ref().primaryKey().generatedByDefaultAsIdentity();

/** What every table that a client may hold a copy of carries; the database keeps both up to date by trigger. */
export const versioned = () => ({
  row_version: ref().notNull().default(1),
  created_at: moment().notNull().default(sql`now()`),
  updated_at: moment().notNull().default(sql`now()`),
});

/** Keys the hashes that stand for a person's values in the audit log; erasing the row makes them meaningless. */
export const hash_key = () =>
  bytes().notNull().default(sql`uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())`);

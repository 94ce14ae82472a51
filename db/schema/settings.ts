import { sql } from 'drizzle-orm';
import { boolean, check, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { versioned } from './columns.ts';

/** Switches that an operator turns while everything runs; one row. */
export const appSettings = pgTable(
  'app_setting',
  {
    id: integer().primaryKey().default(1),
    /** Apps below it are told to upgrade; null lets all in. */
    min_app_version: text(),
    is_read_only: boolean().notNull().default(false),
    ...versioned(),
  },
  () => [
    check('app_setting_one_row', sql`id = 1`),
    check('app_setting_version', sql`min_app_version ~ '^\\d{1,6}(\\.\\d{1,6}){0,3}$'`),
  ],
);

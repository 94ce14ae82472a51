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
    /** How long rows stay in the audit log; older ones are archived. What an erased account leaves with others is found by them. */
    audit_retention_days: integer().notNull().default(365),
    ...versioned(),
  },
  () => [
    check('app_setting_one_row', sql`id = 1`),
    check('app_setting_audit_retention', sql`audit_retention_days between 200 and 36500`),
    check('app_setting_version', sql`min_app_version ~ '^\\d{1,6}(\\.\\d{1,6}){0,3}$'`),
  ],
);

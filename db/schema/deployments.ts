import { sql } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';

/** Which release serves since when; `npm run deploy` writes it once the smoke test has passed. */
export const deployments = pgTable('deployment', {
  id: id(),
  release: text().notNull(),
  at: moment().notNull().default(sql`now()`),
});

import { sql } from 'drizzle-orm';
import { boolean, check, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { id, ref, versioned } from './columns.ts';
import { taskCategories, taskFrequencies } from './look-ups.ts';

/** Tasks that a home may want, and for which homes; `Template` in domain/template.ts is their shape. */
export const templates = pgTable(
  'task_tasktemplate',
  {
    id: id(),
    title: text().notNull(),
    description: text().notNull().default(''),
    category_id: ref().references(() => taskCategories.id),
    frequency_id: ref().references(() => taskFrequencies.id),
    tags: text().array().notNull().default(sql`'{}'`),
    /** Which homes it suits: `Conditions` in domain/template.ts. */
    conditions: jsonb().notNull().default({}),
    is_active: boolean().notNull().default(true),
    ...versioned(),
  },
  (t) => [
    index('task_tasktemplate_category_idx').on(t.category_id),
    check('task_tasktemplate_title', sql`char_length(title) between 1 and 200`),
  ],
);

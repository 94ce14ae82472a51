import { desc, sql } from 'drizzle-orm';
import { boolean, check, index, integer, numeric, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { civil, id, moment, ref, versioned } from './columns.ts';
import { storedFile } from './files.ts';
import { taskCategories, taskFrequencies, taskPriorities } from './look-ups.ts';
import { residences } from './residences.ts';
import { templates } from './templates.ts';
import { users } from './users.ts';

export const tasks = pgTable(
  'task_task',
  {
    id: id(),
    residence_id: ref()
      .notNull()
      .references(() => residences.id, { onDelete: 'cascade' }),
    title: text().notNull(),
    description: text().notNull().default(''),
    category_id: ref().references(() => taskCategories.id),
    priority_id: ref().references(() => taskPriorities.id),
    frequency_id: ref().references(() => taskFrequencies.id),
    custom_interval: integer(),
    custom_unit: text({ enum: ['day', 'week', 'month', 'year'] }),
    schedule: text({ enum: ['from_completion', 'fixed'] })
      .notNull()
      .default('from_completion'),
    in_progress: boolean().notNull().default(false),
    due_date: civil(),
    next_due_date: civil(),
    /** Where the series of a `fixed` task starts. */
    anchor_date: civil(),
    is_cancelled: boolean().notNull().default(false),
    is_archived: boolean().notNull().default(false),
    template_id: ref().references(() => templates.id, { onDelete: 'set null' }),
    /** A contractor of the same home; the migration makes this and the assignee foreign keys over two columns. */
    contractor_id: ref(),
    /** A member of the residence. */
    assigned_to_id: ref(),
    estimated_cost: numeric({ precision: 12, scale: 2 }),
    created_by_id: ref().references(() => users.id, { onDelete: 'set null' }),
    /** Kept by a trigger on completions: the board needs both for every row. */
    completion_count: integer().notNull().default(0),
    last_completed_at: moment(),
    ...versioned(),
  },
  (t) => [
    index('task_task_residence_idx').on(t.residence_id),
    // What a document's reference to a task of its own home points at.
    uniqueIndex('task_task_home_key').on(t.residence_id, t.id),
    index('task_task_contractor_idx').on(t.contractor_id).where(sql`contractor_id is not null`),
    check('task_task_title', sql`char_length(title) between 1 and 200`),
    check('task_task_schedule', sql`schedule in ('from_completion', 'fixed')`),
    check('task_task_custom', sql`(custom_interval is null) = (custom_unit is null)`),
    check('task_task_one_frequency', sql`frequency_id is null or custom_interval is null`),
    check('task_task_custom_interval', sql`custom_interval between 1 and 1000`),
    check('task_task_custom_unit', sql`custom_unit in ('day', 'week', 'month', 'year')`),
  ],
);

export const completions = pgTable(
  'task_taskcompletion',
  {
    id: id(),
    task_id: ref()
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    /** The task's, so that a deletion in cascade still knows its home. */
    residence_id: ref().notNull(),
    completed_by_id: ref().references(() => users.id, { onDelete: 'set null' }),
    completed_at: moment().notNull(),
    notes: text().notNull().default(''),
    actual_cost: numeric({ precision: 12, scale: 2 }),
    rating: integer(),
    /** The date that this completion used up; null for an undated task and for one that only joined the history. */
    occurrence: civil(),
    previous_next_due_date: civil(),
    ...versioned(),
  },
  (t) => [
    index('task_taskcompletion_task_idx').on(t.task_id, desc(t.completed_at), desc(t.id)),
    index('task_taskcompletion_residence_idx').on(t.residence_id, t.completed_at),
    check('task_taskcompletion_rating', sql`rating between 1 and 5`),
  ],
);

/** An occurrence that was passed over; part of the task's history. */
export const skips = pgTable(
  'task_taskskip',
  {
    id: id(),
    task_id: ref()
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    residence_id: ref().notNull(),
    skipped_by_id: ref().references(() => users.id, { onDelete: 'set null' }),
    skipped_at: moment().notNull().default(sql`now()`),
    occurrence: civil(),
    next_due_date: civil().notNull(),
    ...versioned(),
  },
  (t) => [index('task_taskskip_task_idx').on(t.task_id, desc(t.skipped_at), desc(t.id))],
);

/** A photo of a completion. */
export const completionImages = pgTable(
  'task_taskcompletionimage',
  {
    id: id(),
    completion_id: ref()
      .notNull()
      .references(() => completions.id, { onDelete: 'cascade' }),
    residence_id: ref().notNull(),
    ...storedFile(),
    caption: text(),
    ...versioned(),
  },
  (t) => [
    index('task_taskcompletionimage_completion_idx').on(t.completion_id, t.id),
    unique('task_taskcompletionimage_object_key_key').on(t.object_key),
  ],
);

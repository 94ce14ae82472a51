import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { ref } from './columns.ts';

const lookUp = () => ({ id: ref().primaryKey(), name: text().notNull().unique(), display_order: integer().notNull() });
const look = () => ({ color: text(), icon: text() });

export const residenceTypes = pgTable('residence_residencetype', { ...lookUp(), ...look() });
export const taskCategories = pgTable('task_taskcategory', { ...lookUp(), ...look() });
export const taskPriorities = pgTable('task_taskpriority', { ...lookUp(), level: integer().notNull(), ...look() });
export const contractorSpecialties = pgTable('task_contractorspecialty', { ...lookUp(), ...look() });

/** `interval` and `unit` are both null for what happens once. */
export const taskFrequencies = pgTable('task_taskfrequency', {
  ...lookUp(),
  interval: integer(),
  unit: text({ enum: ['day', 'week', 'month', 'year'] }),
  days: integer(),
});

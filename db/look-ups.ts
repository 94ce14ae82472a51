import { type SQL, sql } from 'drizzle-orm';
import type { LookUpLists } from '../domain/static-data.ts';
import { type Db, statement } from './client.ts';

const TABLES: Record<keyof LookUpLists, SQL> = {
  residence_types: sql`residence_residencetype`,
  task_categories: sql`task_taskcategory`,
  task_priorities: sql`task_taskpriority`,
  task_frequencies: sql`task_taskfrequency`,
  contractor_specialties: sql`task_contractorspecialty`,
};

/** The five tables that admins edit, each in its order. */
export const findLookUps = (db: Db) => {
  const lists = Object.entries(TABLES).map(
    ([name, table]) =>
      sql`${name}::text, (select coalesce(json_agg(row_to_json(t) order by t.display_order, t.id), '[]') from ${table} t)`,
  );
  return statement<{ found: LookUpLists }>(db, sql`select json_build_object(${sql.join(lists, sql`, `)}) as found`);
};

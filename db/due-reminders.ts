import { sql } from 'drizzle-orm';
import { claim } from './claims.ts';
import type { Db } from './client.ts';
import { dueTasks } from './due-tasks.ts';
import { dueWarranties } from './due-warranties.ts';
import type { Page } from './people.ts';

/** Claims the reminders of tasks and of warranties that are due. */
export const claimDueReminders = (db: Db, now: string, page: Page) =>
  claim(db, now, page, sql`(${dueTasks()}) union all (${dueWarranties()})`);

import { type SQL, sql } from 'drizzle-orm';

/**
 * `kanbanColumn` of domain/task.ts in SQL, for a task aliased `t`; a test compares the two on random tasks. Its names are
 * sorted and grouped by their bytes: a language's rules would take longer than all else that a board does.
 */
export const columnOf = (today: SQL, days: number): SQL => sql`(case
  when t.is_cancelled or t.is_archived then 'cancelled_tasks'
  when t.next_due_date is null and t.completion_count > 0 then 'completed_tasks'
  when t.in_progress then 'in_progress_tasks'
  when ${effective} < ${today} then 'overdue_tasks'
  when ${effective} < ${today} + ${days}::int then 'due_soon_tasks'
  else 'upcoming_tasks' end) collate "C"`;

export const effective = sql`coalesce(t.next_due_date, t.due_date)`;

import * as z from 'zod';

export const ColumnName = z.enum([
  'overdue_tasks',
  'due_soon_tasks',
  'upcoming_tasks',
  'in_progress_tasks',
  'completed_tasks',
  'cancelled_tasks',
]);
export type ColumnName = z.infer<typeof ColumnName>;

export const DEFAULT_DAYS = 30;
/** How many completed tasks the board shows; its `count` is of all. */
export const COMPLETED_SHOWN = 50;

type Column = { name: ColumnName; display_name: string; color: string; button_types: string[] };

/** In the board's order. The sixth is answered only on request (tasks.md, Board). */
export const COLUMNS: Column[] = [
  {
    name: 'overdue_tasks',
    display_name: 'Overdue',
    color: '#FF3B30',
    button_types: ['edit', 'complete', 'cancel', 'mark_in_progress'],
  },
  {
    name: 'due_soon_tasks',
    display_name: 'Due Soon',
    color: '#FF9500',
    button_types: ['edit', 'complete', 'cancel', 'mark_in_progress'],
  },
  {
    name: 'upcoming_tasks',
    display_name: 'Upcoming',
    color: '#007AFF',
    button_types: ['edit', 'complete', 'cancel', 'mark_in_progress'],
  },
  {
    name: 'in_progress_tasks',
    display_name: 'In Progress',
    color: '#5856D6',
    button_types: ['edit', 'complete', 'cancel'],
  },
  { name: 'completed_tasks', display_name: 'Completed', color: '#34C759', button_types: ['view'] },
  { name: 'cancelled_tasks', display_name: 'Cancelled', color: '#8E8E93', button_types: ['uncancel', 'delete'] },
];

import * as z from 'zod';
import { ColumnName } from './board.ts';

/** Of all homes of the caller. */
export const TotalSummary = z
  .object({
    total_residences: z.int(),
    total_tasks: z.int(),
    tasks_by_column: z.record(ColumnName, z.int()),
    completed_last_30_days: z.int(),
    next_due_date: z.iso.date().nullable(),
  })
  .meta({ id: 'TotalSummary' });

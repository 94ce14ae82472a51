import * as z from 'zod';
import { ColumnName } from '../board.ts';
import { Completion } from '../completion.ts';
import { Task } from '../task.ts';
import { flag, idFilter, listQuery, searchQuery } from './list.ts';

const at = z.iso.datetime();

export const TaskRow = z
  .object({
    id: z.int(),
    residence_id: z.int(),
    title: z.string(),
    kanban_column: ColumnName.describe('By the date in UTC'),
    effective_date: z.iso.date().nullable(),
    category_id: z.int().nullable(),
    priority_id: z.int().nullable(),
    frequency_id: z.int().nullable(),
    assigned_to_id: z.int().nullable(),
    contractor_id: z.int().nullable(),
    template_id: z.int().nullable(),
    completion_count: z.int(),
    last_completed_at: at.nullable(),
    created_by_id: z.int().nullable(),
    created_at: at,
  })
  .meta({ id: 'AdminTaskRow' });

export const TasksQuery = searchQuery(['-id', 'id'], {
  residence_id: idFilter(),
  contractor_id: idFilter(),
  in_progress: flag(),
  is_cancelled: flag(),
  is_archived: flag(),
});
export type TasksQuery = z.infer<typeof TasksQuery>;

export const AdminTask = Task.extend({ residence_name: z.string() }).meta({ id: 'AdminTask' });

export const CompletionRow = z
  .object({
    id: z.int(),
    task_id: z.int(),
    task_title: z.string(),
    residence_id: z.int(),
    completed_by_id: z.int().nullable(),
    completed_at: at,
    actual_cost: z.string().nullable(),
    rating: z.int().nullable(),
    notes: z.string(),
    image_count: z.int(),
    created_at: at,
  })
  .meta({ id: 'AdminCompletionRow' });

export const CompletionsQuery = listQuery(['-id', 'id'], { residence_id: idFilter(), task_id: idFilter() });
export type CompletionsQuery = z.infer<typeof CompletionsQuery>;

export const AdminCompletion = Completion.extend({ residence_id: z.int(), task_title: z.string() }).meta({
  id: 'AdminCompletion',
});

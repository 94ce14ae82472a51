import * as z from 'zod';
import { civilDate, id, moment, money, text, withoutDefaults } from './fields.ts';
import { fileFault } from './file-fault.ts';
import { TotalSummary } from './summary.ts';
import { Task } from './task.ts';

const MAX_PHOTOS = 10;

const CompletionImage = z
  .object({
    id: z.int(),
    url: z.string(),
    thumbnail_url: z.string().nullable(),
    caption: z.string().nullable(),
    fault: fileFault(),
  })
  .meta({ id: 'CompletionImage' });

export const Completion = z
  .object({
    id: z.int(),
    task_id: z.int(),
    completed_by_id: z.int().nullable(),
    completed_at: z.iso.datetime(),
    notes: z.string(),
    actual_cost: z.string().nullable(),
    rating: z.int().nullable(),
    images: z.array(CompletionImage),
    previous_next_due_date: z.iso.date().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Completion' });

/** Where a page of completions ended. */
export const CompletionCursor = z.tuple([moment(), z.int()]);
export type CompletionCursor = z.infer<typeof CompletionCursor>;

const editable = {
  notes: text(5000).default(''),
  actual_cost: money().nullable().default(null),
  rating: z.int().min(1).max(5).nullable().default(null),
};

const occurrence = civilDate()
  .nullish()
  .describe('The date that the client saw; refused if it is no longer the open one');

export const NewCompletion = z
  .object({
    task_id: id(),
    completed_at: moment().describe('At most five minutes ahead of the server; kept as at most now'),
    occurrence,
    ...editable,
    upload_ids: z
      .array(id())
      .max(MAX_PHOTOS)
      .refine((ids) => new Set(ids).size === ids.length, 'Must not name an upload twice.')
      .default([])
      .describe('Photos, uploaded before by whoever completes'),
  })
  .meta({ id: 'NewCompletion' });
export type NewCompletion = z.infer<typeof NewCompletion>;

/** All of it may be left out. */
export const QuickCompletion = z
  .object({ completed_at: moment().nullish().describe('Now, if absent'), occurrence })
  .prefault({})
  .meta({ id: 'QuickCompletion' });
export type QuickCompletion = z.infer<typeof QuickCompletion>;

/** When it was done stays: the dates of the task follow from it. */
export const CompletionChange = z.object(withoutDefaults(editable)).partial().meta({ id: 'CompletionChange' });
export type CompletionChange = z.infer<typeof CompletionChange>;

export const CompletionWritten = z
  .object({ data: Completion, task: Task, summary: TotalSummary })
  .meta({ id: 'CompletionWritten' });

export const CompletionDeleted = z.object({ task: Task, summary: TotalSummary }).meta({ id: 'CompletionDeleted' });

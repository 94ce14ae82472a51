import * as z from 'zod';
import { Completion, NewCompletion } from './completion.ts';
import { moment } from './fields.ts';

export const NewSkip = NewCompletion.pick({ occurrence: true }).prefault({}).meta({ id: 'NewSkip' });
export type NewSkip = z.infer<typeof NewSkip>;

const Skip = z
  .object({
    id: z.int(),
    task_id: z.int(),
    skipped_by_id: z.int().nullable(),
    skipped_at: z.iso.datetime(),
    occurrence: z.iso.date().nullable().describe('The date that was passed over'),
    next_due_date: z.iso.date(),
  })
  .meta({ id: 'Skip' });

/** What became of a task's occurrences. */
export const HistoryEntry = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('completion'), at: z.iso.datetime(), completion: Completion }),
    z.object({ type: z.literal('skip'), at: z.iso.datetime(), skip: Skip }),
  ])
  .meta({ id: 'HistoryEntry' });

/** Where a page of a history ended. */
export const HistoryCursor = z.tuple([moment(), z.enum(['completion', 'skip']), z.int()]);
export type HistoryCursor = z.infer<typeof HistoryCursor>;

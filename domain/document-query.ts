import * as z from 'zod';
import { DocumentType } from './document.ts';
import { line } from './fields.ts';
import { PageQuery } from './page.ts';

const MAX_DAYS_AHEAD = 3650;

const home = z.coerce.number().int().positive().optional();

export const DocumentQuery = PageQuery.extend({
  residence_id: home,
  type: DocumentType.optional(),
  category: line(100).optional(),
  expiring_within_days: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_DAYS_AHEAD)
    .optional()
    .describe('Active ones that end today or within so many days, the soonest first'),
  search: line(100).optional().describe('Part of a title, a note, a tag, or the name of an item, provider or file'),
});

export const WarrantyQuery = PageQuery.extend({ residence_id: home });

/** Where a page of documents ended: when the last of them ends, and its id. */
export const DocumentCursor = z.tuple([z.iso.date().nullable(), z.int()]);
export type DocumentCursor = z.infer<typeof DocumentCursor>;

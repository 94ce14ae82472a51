import * as z from 'zod';
import { Member } from '../member.ts';
import { Residence } from '../residence.ts';
import { flag, idFilter, searchQuery } from './list.ts';

const at = z.iso.datetime();

export const ResidenceRow = z
  .object({
    id: z.int(),
    name: z.string(),
    city: z.string().nullable(),
    state_province: z.string().nullable(),
    postal_code: z.string().nullable(),
    country: z.string().nullable(),
    owner_id: z.int().nullable(),
    owner_email: z.string().nullable(),
    user_count: z.int(),
    task_count: z.int(),
    is_paused: z.boolean(),
    deleted_at: at.nullable(),
    created_at: at,
  })
  .meta({ id: 'AdminResidenceRow' });

export const ResidencesQuery = searchQuery(['-id', 'id'], {
  is_paused: flag(),
  is_deleted: flag(),
  user_id: idFilter(),
});
export type ResidencesQuery = z.infer<typeof ResidencesQuery>;

/** A home as its members know it, who they are, and what it holds. */
export const AdminResidence = Residence.omit({ role: true })
  .extend({
    deleted_at: at.nullable(),
    members: z.array(Member.extend({ email: z.string(), deleted_at: at.nullable() })),
    counts: z.object({
      tasks: z.int(),
      completions: z.int(),
      contractors: z.int(),
      documents: z.int(),
      share_codes: z.int(),
    }),
  })
  .meta({ id: 'AdminResidence' });

export const AdminBoardQuery = z.object({
  days: z.coerce.number().int().min(1).max(365).default(30),
  include: z.literal('cancelled').optional().describe('With the column of cancelled tasks'),
  user_id: idFilter().describe('As this member sees it; else as the owner does'),
});

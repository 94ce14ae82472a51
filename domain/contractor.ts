import * as z from 'zod';
import { id, line, text, withoutDefaults } from './fields.ts';
import { PageQuery } from './page.ts';
import { LookUp } from './static-data.ts';

const MAX_SPECIALTIES = 20;
const MAX_URL_LENGTH = 500;

const words = (max: number) => line(max).nullable().default(null);

const editable = {
  name: line(200, 1),
  company: words(200),
  phone: words(50),
  email: line(254).pipe(z.email('Must be an e-mail address.')).nullable().default(null),
  website: line(MAX_URL_LENGTH)
    .pipe(z.url('Must be an http or https address.').regex(/^https?:\/\//i, 'Must be an http or https address.'))
    .nullable()
    .default(null),
  notes: text(5000).nullable().default(null),
  street_address: words(255),
  city: words(100),
  state_province: words(100),
  postal_code: words(20),
  rating: z.number().min(0).max(5).multipleOf(0.1).nullable().default(null),
  is_favorite: z.boolean().default(false).describe('Of the contractor, so of the whole home'),
  specialty_ids: z
    .array(id())
    .max(MAX_SPECIALTIES)
    .refine((ids) => new Set(ids).size === ids.length, 'Must not name a specialty twice.')
    .default([]),
};

export const NewContractor = z
  .object({ residence_id: id().nullable().default(null).describe('Null: personal, seen by you alone'), ...editable })
  .meta({ id: 'NewContractor' });
export type NewContractor = z.infer<typeof NewContractor>;

const residence_id = id().nullish().describe('Shares a personal contractor with a home; then it stays there');

/** PUT replaces: what is absent goes back to its default. */
export const ContractorReplacement = z.object({ residence_id, ...editable }).meta({ id: 'ContractorReplacement' });

/** PATCH changes only what is sent. */
export const ContractorChange = z
  .object({ residence_id, ...withoutDefaults(editable) })
  .partial()
  .meta({ id: 'ContractorChange' });
export type ContractorChange = z.infer<typeof ContractorChange>;

/** Without a body it turns the other way. */
export const Favorite = z.object({ is_favorite: z.boolean().optional() }).prefault({}).meta({ id: 'Favorite' });
export type Favorite = z.infer<typeof Favorite>;

export const Contractor = z
  .object({
    id: z.int(),
    ...withoutDefaults(editable),
    is_shared: z.boolean().describe('Whether it is of a home'),
    residence_id: z.int().nullable(),
    specialties: z.array(LookUp),
    task_count: z.int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Contractor' });

export const ContractorQuery = PageQuery.extend({
  search: line(100).optional().describe('Part of a name, a company or a specialty'),
  is_favorite: z
    .enum(['true', 'false'])
    .transform((word) => word === 'true')
    .optional(),
  specialty: line(100).optional().describe('The id of a specialty, or its name'),
  residence_id: z.coerce.number().int().positive().optional(),
});

/** Where a page of contractors ended: the name's key as hex, and the id. */
export const ContractorCursor = z.tuple([z.string().regex(/^[0-9a-f]*$/), z.int()]);
export type ContractorCursor = z.infer<typeof ContractorCursor>;

/** Where a page of a contractor's tasks ended. */
export const ContractorTaskCursor = z.tuple([z.iso.date().nullable(), z.int()]);
export type ContractorTaskCursor = z.infer<typeof ContractorTaskCursor>;

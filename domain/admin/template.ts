import * as z from 'zod';
import { ClimateRegion } from '../climate.ts';
import { id, line, text, withoutDefaults } from '../fields.ts';
import { Residence } from '../residence.ts';
import { HOME_PROFILE_CHOICES, HOME_PROFILE_FLAGS } from '../static-data.ts';
import { Conditions, Suggestion } from '../template.ts';
import { flag, idFilter, searchQuery } from './list.ts';

const at = z.iso.datetime();

const editable = {
  title: line(200, 1),
  description: text(5000).default(''),
  category_id: id().nullable().default(null),
  frequency_id: id().nullable().default(null),
  tags: z.array(line(50, 1)).max(30).default([]),
  conditions: Conditions.default({}),
  is_active: z.boolean().default(true),
};

export const NewTemplate = z.object(editable).meta({ id: 'NewTemplate' });
export type NewTemplate = z.infer<typeof NewTemplate>;

export const TemplateChange = z.object(withoutDefaults(editable)).partial().meta({ id: 'TemplateChange' });
export type TemplateChange = z.infer<typeof TemplateChange>;

export const AdminTemplate = z
  .object({
    id: z.int(),
    ...withoutDefaults(editable),
    created_at: at,
    updated_at: at,
  })
  .meta({ id: 'AdminTemplate' });

export const TemplatesQuery = searchQuery(['title', '-title', 'id', '-id'], {
  is_active: flag(),
  category_id: idFilter(),
});
export type TemplatesQuery = z.infer<typeof TemplatesQuery>;

const PROFILE = [...Object.keys(HOME_PROFILE_CHOICES), ...HOME_PROFILE_FLAGS, 'property_type_id'];
const Profile = Residence.pick(Object.fromEntries(PROFILE.map((name) => [name, true])) as Mask)
  .extend({ climate_region: ClimateRegion.nullable() })
  .partial();
type Mask = Record<keyof typeof HOME_PROFILE_CHOICES | (typeof HOME_PROFILE_FLAGS)[number] | 'property_type_id', true>;

/** What would be suggested to a home that there is, or to one with such a profile, if a template were as it is sent. */
export const SuggestionPreview = z
  .object({
    residence_id: id().optional(),
    profile: Profile.optional(),
    template: z.object({ title: line(200, 1).default('This template'), conditions: Conditions }).optional(),
  })
  .meta({ id: 'SuggestionPreview' });
export type SuggestionPreview = z.infer<typeof SuggestionPreview>;

export const PreviewedSuggestions = z
  .object({
    score: z
      .number()
      .nullable()
      .describe('Of the template that was sent; null if it would be left out, or none was sent'),
    results: z.array(Suggestion),
  })
  .meta({ id: 'PreviewedSuggestions' });

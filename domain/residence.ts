import * as z from 'zod';
import { ClimateRegion } from './climate.ts';
import { civilDate, id, line, money, text, withoutDefaults } from './fields.ts';
import { HOME_PROFILE_CHOICES, HOME_PROFILE_FLAGS } from './static-data.ts';
import { TotalSummary } from './summary.ts';

export const Role = z.enum(['owner', 'member', 'viewer']);
export type Role = z.infer<typeof Role>;

const choice = <T extends readonly [string, ...string[]]>(options: T) => z.enum(options).nullable().default(null);
const flag = () => z.boolean().nullable().default(null).describe('Null: unknown');
const count = (max: number) => z.int().min(0).max(max).nullable().default(null);
const words = (max: number) => line(max).nullable().default(null);

const profile = {
  heating_type: choice(HOME_PROFILE_CHOICES.heating_type),
  cooling_type: choice(HOME_PROFILE_CHOICES.cooling_type),
  water_heater_type: choice(HOME_PROFILE_CHOICES.water_heater_type),
  roof_type: choice(HOME_PROFILE_CHOICES.roof_type),
  exterior_type: choice(HOME_PROFILE_CHOICES.exterior_type),
  flooring_primary: choice(HOME_PROFILE_CHOICES.flooring_primary),
  landscaping_type: choice(HOME_PROFILE_CHOICES.landscaping_type),
  has_pool: flag(),
  has_sprinkler_system: flag(),
  has_septic: flag(),
  has_fireplace: flag(),
  has_garage: flag(),
  has_basement: flag(),
  has_attic: flag(),
};

const editable = {
  name: line(200, 1),
  property_type_id: id().nullable().default(null),
  street_address: words(255),
  apartment_unit: words(50),
  city: words(100),
  state_province: words(100),
  postal_code: words(20),
  country: words(100),
  bedrooms: count(1000),
  bathrooms: z.number().min(0).max(999).multipleOf(0.5).nullable().default(null),
  square_footage: count(10_000_000),
  lot_size: z.number().min(0).max(9_999_999_999).nullable().default(null),
  year_built: z.int().min(1000).max(2999).nullable().default(null),
  description: text(5000).nullable().default(null),
  purchase_date: civilDate().nullable().default(null),
  purchase_price: money().nullable().default(null),
  is_primary: z.boolean().default(false),
  ...profile,
};

/** POST and PUT: what is absent gets its default. */
export const NewResidence = z.object(editable).meta({ id: 'NewResidence' });
export type NewResidence = z.infer<typeof NewResidence>;

export const ResidenceChange = z.object(withoutDefaults(editable)).partial().meta({ id: 'ResidenceChange' });
export type ResidenceChange = z.infer<typeof ResidenceChange>;

export const PROFILE_FIELDS = [...Object.keys(HOME_PROFILE_CHOICES), ...HOME_PROFILE_FLAGS];

export const Residence = z
  .object({
    id: z.int(),
    ...withoutDefaults(editable),
    purchase_price: z.string().nullable(),
    is_paused: z.boolean().describe('A paused home reminds nobody'),
    role: Role.describe("The caller's"),
    version: z.int().describe('Rises with every change to the home or to anything in it'),
    climate_region: ClimateRegion.nullable().describe('The IECC zone of a US postal code'),
    profile_completeness: z.number().min(0).max(1).describe('How much is known of the profile and the climate'),
    user_count: z.int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Residence' });

/** A home with what its tasks come to. */
export const MyResidence = Residence.extend({ summary: TotalSummary.omit({ total_residences: true }) }).meta({
  id: 'MyResidence',
});

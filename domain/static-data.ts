import * as z from 'zod';
import { DOCUMENT_CATEGORIES, DocumentType } from './document.ts';

const lookUp = { id: z.int(), name: z.string(), display_order: z.int() };
const look = { color: z.string().nullable(), icon: z.string().nullable() };

export const LookUp = z.object({ ...lookUp, ...look }).meta({ id: 'LookUp' });
export type LookUp = z.infer<typeof LookUp>;

export const Priority = z
  .object({ ...lookUp, level: z.int().describe('Higher is more urgent'), ...look })
  .meta({ id: 'Priority' });

export const Unit = z.enum(['day', 'week', 'month', 'year']);
export type Unit = z.infer<typeof Unit>;

export const Frequency = z
  .object({
    ...lookUp,
    interval: z.int().nullable(),
    unit: Unit.nullable().describe('Null, as the interval, for what happens once'),
    days: z.int().nullable().describe('An approximation for old clients'),
  })
  .meta({ id: 'Frequency' });

const HomeProfileOption = z.object({
  field: z.string(),
  type: z.enum(['choice', 'boolean']),
  options: z.array(z.string()),
});

export const StaticData = z
  .object({
    residence_types: z.array(LookUp),
    task_categories: z.array(LookUp),
    task_priorities: z.array(Priority),
    task_frequencies: z.array(Frequency),
    contractor_specialties: z.array(LookUp),
    document_types: z.array(z.string()),
    document_categories: z.array(z.string()),
    home_profile_options: z.array(HomeProfileOption),
  })
  .meta({ id: 'StaticData' });
export type StaticData = z.infer<typeof StaticData>;
/** What admins may edit of it; the rest is the code's own. */
export type LookUpLists = Omit<StaticData, 'document_types' | 'document_categories' | 'home_profile_options'>;

/** The seven profile fields with listed values (tasks.md); the other seven are booleans, null for unknown. */
export const HOME_PROFILE_CHOICES = {
  heating_type: [
    'gas_furnace',
    'electric_furnace',
    'heat_pump',
    'boiler',
    'radiant',
    'oil',
    'wood',
    'geothermal',
    'none',
  ],
  cooling_type: ['central_air', 'heat_pump', 'mini_split', 'window_unit', 'evaporative', 'geothermal', 'none'],
  water_heater_type: [
    'tank_gas',
    'tank_electric',
    'tankless_gas',
    'tankless_electric',
    'heat_pump',
    'solar',
    'indirect',
  ],
  roof_type: ['asphalt_shingle', 'metal', 'tile', 'slate', 'wood_shake', 'flat_membrane', 'green'],
  exterior_type: ['vinyl', 'brick', 'stucco', 'wood', 'fiber_cement', 'stone', 'aluminum', 'log'],
  flooring_primary: ['hardwood', 'laminate', 'carpet', 'tile', 'vinyl', 'concrete', 'stone', 'cork'],
  landscaping_type: ['lawn', 'garden', 'xeriscape', 'native', 'artificial_turf', 'wooded', 'paved', 'none'],
} as const;

export const HOME_PROFILE_FLAGS = [
  'has_pool',
  'has_sprinkler_system',
  'has_septic',
  'has_fireplace',
  'has_garage',
  'has_basement',
  'has_attic',
] as const;

const listed = (rows: [name: string, color: string | null, icon: string | null][]): LookUp[] =>
  rows.map(([name, color, icon], index) => ({ id: index + 1, name, display_order: index + 1, color, icon }));

const frequency = (rows: [name: string, interval: number | null, unit: Unit | null, days: number | null][]) =>
  rows.map(([name, interval, unit, days], index) => ({
    id: index + 1,
    name,
    display_order: index + 1,
    interval,
    unit,
    days,
  }));

/**
 * Every look-up there is. Compiled into the Worker, so that reading it costs no trip to the database; the seeds in
 * `migrations/` hold the same rows for the foreign keys, and a test compares the two.
 */
export const STATIC_DATA: StaticData = {
  residence_types: listed([
    ['House', '#F5A623', 'house'],
    ['Apartment', '#4A90D9', 'building'],
    ['Condo', '#50B5A9', 'building-2'],
    ['Townhouse', '#B07CC6', 'houses'],
    ['Duplex', '#D98E4A', 'house-split'],
    ['Mobile Home', '#7FB069', 'caravan'],
    ['Cabin', '#8B6F47', 'tree-pine'],
    ['Vacation Home', '#2BA6CB', 'palmtree'],
    ['Farm', '#6B8E23', 'tractor'],
    ['Other', '#8E8E93', 'circle-help'],
  ]),
  task_categories: listed([
    ['Appliances', '#5AC8FA', 'refrigerator'],
    ['Cleaning', '#34C759', 'sparkles'],
    ['Electrical', '#FFCC00', 'zap'],
    ['Exterior', '#A2845E', 'fence'],
    ['Flooring', '#C69C6D', 'layers'],
    ['Gutters and Roof', '#8E6F4E', 'cloud-rain'],
    ['HVAC', '#FF9500', 'fan'],
    ['Interior', '#AF52DE', 'sofa'],
    ['Landscaping', '#30B04A', 'sprout'],
    ['Pest Control', '#A0522D', 'bug'],
    ['Plumbing', '#007AFF', 'droplets'],
    ['Pool and Spa', '#32ADE6', 'waves'],
    ['Safety', '#FF3B30', 'shield-alert'],
    ['Security', '#5856D6', 'lock'],
    ['Seasonal', '#FF6482', 'calendar-range'],
    ['General', '#8E8E93', 'wrench'],
  ]),
  task_priorities: [
    { id: 1, name: 'Low', display_order: 1, level: 1, color: '#34C759', icon: 'arrow-down' },
    { id: 2, name: 'Medium', display_order: 2, level: 2, color: '#FF9500', icon: 'minus' },
    { id: 3, name: 'High', display_order: 3, level: 3, color: '#FF3B30', icon: 'arrow-up' },
    { id: 4, name: 'Urgent', display_order: 4, level: 4, color: '#AF1E2D', icon: 'flame' },
  ],
  task_frequencies: frequency([
    ['Once', null, null, null],
    ['Daily', 1, 'day', 1],
    ['Weekly', 1, 'week', 7],
    ['Every 2 weeks', 2, 'week', 14],
    ['Monthly', 1, 'month', 30],
    ['Every 2 months', 2, 'month', 60],
    ['Quarterly', 3, 'month', 91],
    ['Every 4 months', 4, 'month', 122],
    ['Every 6 months', 6, 'month', 182],
    ['Yearly', 1, 'year', 365],
    ['Every 2 years', 2, 'year', 730],
    ['Every 3 years', 3, 'year', 1096],
    ['Every 5 years', 5, 'year', 1826],
    ['Every 10 years', 10, 'year', 3652],
  ]),
  contractor_specialties: listed([
    ['Appliance Repair', '#5AC8FA', 'refrigerator'],
    ['Carpenter', '#8B6F47', 'hammer'],
    ['Chimney Sweep', '#5C4033', 'flame-kindling'],
    ['Cleaner', '#34C759', 'sparkles'],
    ['Electrician', '#FFCC00', 'zap'],
    ['Flooring', '#C69C6D', 'layers'],
    ['General Contractor', '#8E8E93', 'hard-hat'],
    ['Handyman', '#A2845E', 'wrench'],
    ['HVAC Technician', '#FF9500', 'fan'],
    ['Inspector', '#5856D6', 'clipboard-check'],
    ['Landscaper', '#30B04A', 'sprout'],
    ['Locksmith', '#636366', 'key-round'],
    ['Mason', '#9C5B3B', 'brick-wall'],
    ['Painter', '#AF52DE', 'paint-roller'],
    ['Pest Control', '#A0522D', 'bug'],
    ['Plumber', '#007AFF', 'droplets'],
    ['Pool Service', '#32ADE6', 'waves'],
    ['Roofer', '#8E6F4E', 'house'],
  ]),
  document_types: DocumentType.options,
  document_categories: DOCUMENT_CATEGORIES,
  home_profile_options: [
    ...Object.entries(HOME_PROFILE_CHOICES).map(([field, options]) => ({
      field,
      type: 'choice' as const,
      options: [...options],
    })),
    ...HOME_PROFILE_FLAGS.map((field) => ({ field, type: 'boolean' as const, options: [] })),
  ],
};

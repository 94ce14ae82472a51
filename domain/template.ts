import * as z from 'zod';
import { ClimateRegion } from './climate.ts';
import { id } from './fields.ts';
import type { NewResidence } from './residence.ts';
import { Frequency, HOME_PROFILE_CHOICES, LookUp } from './static-data.ts';

/** Hundredths, so that a sum has no more digits than its parts. */
const POINTS = { no_conditions: 30, choice: 25, flag: 30, property_type: 15, climate_region: 35 } as const;

const oneOf = <T extends z.ZodType>(value: T) => z.union([value, z.array(value).min(1).max(50)]).optional();
const choice = <T extends readonly [string, ...string[]]>(values: T) => oneOf(z.enum(values));
const flag = () => z.boolean().optional();

/** The homes that a template is for. Strict: a misspelt condition would otherwise be none, and its template everybody's. */
export const Conditions = z
  .strictObject({
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
    property_type_id: oneOf(id()),
    climate_region: oneOf(ClimateRegion),
  })
  .meta({ id: 'Conditions', description: 'Any match makes the template fit a home, and each raises its score' });
export type Conditions = z.infer<typeof Conditions>;

const ConditionField = Conditions.keyof();
type ConditionField = z.infer<typeof ConditionField>;

/** What suggestions need to know of a residence. Null is unknown, and never counts against a template. */
export type Home = Pick<NewResidence, Exclude<ConditionField, 'climate_region'>> & {
  climate_region: ClimateRegion | null;
};

/** A task that can be taken over as it is. */
export const Template = z
  .object({
    id: z.int(),
    title: z.string(),
    description: z.string(),
    category_id: z.int().nullable(),
    category: LookUp.nullable(),
    frequency_id: z.int().nullable(),
    frequency: Frequency.nullable(),
    tags: z.array(z.string()),
    conditions: Conditions,
  })
  .meta({ id: 'Template' });
export type Template = z.infer<typeof Template>;

export const TemplateGroup = z
  .object({ category: LookUp.nullable(), templates: z.array(Template) })
  .meta({ id: 'TemplateGroup' });

export const Suggestion = z
  .object({
    template: Template,
    score: z.number().positive().describe('The higher, the better it fits'),
    reasons: z.array(ConditionField).describe('The fields of the home that the template is made for; may be empty'),
  })
  .meta({ id: 'Suggestion' });

/** The templates that fit a home: highest score first, then by title. */
export function suggest<T extends Pick<Template, 'title' | 'conditions'>>(templates: readonly T[], home: Home) {
  return templates
    .flatMap((template) => {
      const score = scoreTemplate(template.conditions, home);
      return score === null ? [] : [{ template, score, reasons: matchingFields(template.conditions, home) }];
    })
    .toSorted((a, b) => b.score - a.score || inOrder(a.template.title, b.template.title));
}

/** How well a template fits a home (tasks.md), or null if it has conditions and none of them matches. */
export function scoreTemplate(conditions: Conditions, home: Home): number | null {
  if (Object.keys(conditions).length === 0) return POINTS.no_conditions / 100;
  const matches = matchingFields(conditions, home);
  return matches.length === 0 ? null : matches.reduce((sum, field) => sum + pointsOf(field), 0) / 100;
}

const matchingFields = (conditions: Conditions, home: Home): ConditionField[] =>
  ConditionField.options.filter((field) => {
    const accepted: unknown[] = [conditions[field]].flat();
    return home[field] != null && accepted.includes(home[field]);
  });

function pointsOf(field: ConditionField): number {
  if (field === 'climate_region') return POINTS.climate_region;
  if (field === 'property_type_id') return POINTS.property_type;
  return field in HOME_PROFILE_CHOICES ? POINTS.choice : POINTS.flag;
}

const inOrder = (a: string, b: string) => (a < b ? -1 : Number(a > b));

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLIMATE_REGIONS } from './climate.ts';
import { NewResidence } from './residence.ts';
import { HOME_PROFILE_CHOICES, HOME_PROFILE_FLAGS } from './static-data.ts';
import { Conditions, type Home, scoreTemplate, suggest } from './template.ts';

const RUNS = { seed: 20260307, numRuns: 1000, interruptAfterTimeLimit: 3000, markInterruptAsFailure: false };

const UNKNOWN: Home = { ...NewResidence.parse({ name: 'Nothing known' }), climate_region: null };
const home = (known: Partial<Home>): Home => ({ ...UNKNOWN, ...known });

/* The reference weighs one field at a time, by the words of the specification. */

const CHOICES = Object.keys(HOME_PROFILE_CHOICES);
const WEIGHT = Object.fromEntries([
  ...CHOICES.map((field) => [field, 0.25]),
  ...HOME_PROFILE_FLAGS.map((field) => [field, 0.3]),
  ['property_type_id', 0.15],
  ['climate_region', 0.35],
]);
const FIELDS = Object.keys(WEIGHT);

/** What each field of a home may hold. */
const VALUES: Record<string, fc.Arbitrary<unknown>> = {
  ...Object.fromEntries(Object.entries(HOME_PROFILE_CHOICES).map(([field, all]) => [field, fc.constantFrom(...all)])),
  ...Object.fromEntries(HOME_PROFILE_FLAGS.map((field) => [field, fc.boolean()])),
  property_type_id: fc.integer({ min: 1, max: 10 }),
  climate_region: fc.constantFrom(...CLIMATE_REGIONS),
};

const homes = fc
  .record(Object.fromEntries(Object.entries(VALUES).map(([field, value]) => [field, fc.option(value)])))
  .map((known): Home => ({ ...UNKNOWN, ...known }));

const oneOrMore = (field: string, value: fc.Arbitrary<unknown>) =>
  field.startsWith('has_') ? value : fc.oneof(value, fc.uniqueArray(value, { minLength: 1, maxLength: 4 }));

const conditions = fc
  .record(Object.fromEntries(Object.entries(VALUES).map(([field, value]) => [field, oneOrMore(field, value)])), {
    requiredKeys: [],
  })
  .map((written) => Conditions.parse(written));

const isMet = (field: string, wanted: Conditions, { ...known }: Record<string, unknown>) =>
  Object.entries(wanted).some(([name, value]) => name === field && [value].flat().some((one) => one === known[field]));

describe('a score', () => {
  test.each<[number | null, Conditions, Partial<Home>]>([
    [0.3, {}, {}],
    [0.3, {}, { has_pool: true, climate_region: 4 }],
    [0.25, { heating_type: 'boiler' }, { heating_type: 'boiler' }],
    [0.25, { roof_type: ['slate', 'tile'] }, { roof_type: 'tile' }],
    [0.3, { has_pool: true }, { has_pool: true }],
    [0.3, { has_basement: false }, { has_basement: false }],
    [0.15, { property_type_id: [1, 4] }, { property_type_id: 4 }],
    [0.35, { climate_region: [6, 7, 8] }, { climate_region: 7 }],
    [0.55, { has_fireplace: true, heating_type: 'wood' }, { has_fireplace: true, heating_type: 'wood' }],
    [0.3, { has_fireplace: true, heating_type: 'wood' }, { has_fireplace: true, heating_type: 'heat_pump' }],
    [null, { has_pool: true }, { has_pool: false }],
    [null, { has_basement: false }, { has_basement: null }],
    [null, { heating_type: 'boiler', climate_region: 5 }, { heating_type: 'oil' }],
  ])('is %s for %j and a home with %j', (score, wanted, known) => {
    expect(scoreTemplate(wanted, home(known))).toBe(score);
  });

  test('is the sum of what matches, and nothing is taken off', () => {
    const summed = fc.property(conditions, homes, (wanted, residence) => {
      const met = FIELDS.filter((field) => isMet(field, wanted, residence));
      const base = Object.keys(wanted).length === 0 ? 0.3 : 0;
      const sum = met.reduce((total, field) => total + (WEIGHT[field] ?? Number.NaN), base);
      const score = scoreTemplate(wanted, residence);
      expect(score ?? 0).toBeCloseTo(sum, 9);
      expect(score === null).toBe(sum === 0);
      expect(String(score)).toMatch(/^(\d(\.\d{1,2})?|null)$/);
    });
    fc.assert(summed, RUNS);
  });

  test('adds up over conditions that share no field', () => {
    const added = fc.property(conditions, homes, fc.subarray(FIELDS), (wanted, residence, fields) => {
      const [one, other] = [true, false].map((here) =>
        Conditions.parse(Object.fromEntries(Object.entries(wanted).filter(([name]) => fields.includes(name) === here))),
      );
      if (!one || !other || Object.keys(one).length === 0 || Object.keys(other).length === 0) return;
      const parts = (scoreTemplate(one, residence) ?? 0) + (scoreTemplate(other, residence) ?? 0);
      expect(scoreTemplate(wanted, residence) ?? 0).toBeCloseTo(parts, 9);
    });
    fc.assert(added, RUNS);
  });

  test('never falls when something becomes known that was not', () => {
    const rises = fc.property(conditions, homes, fc.constantFrom(...FIELDS), (wanted, residence, field) => {
      const before = scoreTemplate(wanted, { ...residence, [field]: null });
      expect(scoreTemplate(wanted, residence) ?? 0).toBeGreaterThanOrEqual(before ?? 0);
    });
    fc.assert(rises, RUNS);
  });

  test('of all there is to match is the highest', () => {
    const everything = Object.fromEntries(
      FIELDS.map((field) => [field, fc.sample(VALUES[field] ?? fc.constant(null), { seed: 1, numRuns: 1 })[0]]),
    );
    const all = 7 * 0.25 + 7 * 0.3 + 0.15 + 0.35;
    expect(scoreTemplate(Conditions.parse(everything), { ...UNKNOWN, ...everything })).toBe(all);
  });
});

describe('suggestions', () => {
  const titles = fc.string({ maxLength: 3 });
  const templates = fc.array(fc.record({ title: titles, conditions }), { maxLength: 12 });

  test('are the templates that fit, highest first, then by title', () => {
    const ordered = fc.property(templates, homes, (all, residence) => {
      const suggested = suggest(all, residence);
      const fitting = all.filter((template) => scoreTemplate(template.conditions, residence) !== null);
      expect(new Set(suggested.map(({ template }) => template))).toEqual(new Set(fitting));
      expect(suggested).toHaveLength(fitting.length);
      for (const { template, score, reasons } of suggested) {
        expect(score).toBe(scoreTemplate(template.conditions, residence));
        expect(reasons).toEqual(FIELDS.filter((field) => isMet(field, template.conditions, residence)));
      }
      for (const [index, next] of suggested.slice(1).entries()) {
        const before = suggested[index];
        if (before?.score === next.score) expect(before.template.title <= next.template.title).toBe(true);
        else expect(before?.score).toBeGreaterThan(next.score);
      }
    });
    fc.assert(ordered, RUNS);
  });

  test('leave the list of templates as it was', () => {
    const all = [
      { title: 'B', conditions: {} },
      { title: 'A', conditions: { has_pool: true } },
    ];
    expect(suggest(all, UNKNOWN)).toEqual([{ template: all[0], score: 0.3, reasons: [] }]);
    expect(all.map(({ title }) => title)).toEqual(['B', 'A']);
  });
});

describe('conditions', () => {
  test('name only fields and values that there are', () => {
    for (const wrong of [
      { has_pol: true },
      { has_pool: 'yes' },
      { has_pool: null },
      { heating_type: 'steam' },
      { heating_type: [] },
      { heating_type: ['boiler', 'steam'] },
      { climate_region: 9 },
      { climate_region: '4' },
      { property_type_id: [0] },
      [],
      null,
    ]) {
      expect(Conditions.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    }
  });

  test('may name every field of the profile', () => {
    expect(Conditions.keyof().options).toEqual(FIELDS);
  });
});

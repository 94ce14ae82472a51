import { describe, expect } from 'vitest';
import { CLIMATE_REGIONS } from '../domain/climate.ts';
import { NewResidence } from '../domain/residence.ts';
import { HOME_PROFILE_CHOICES, HOME_PROFILE_FLAGS, STATIC_DATA } from '../domain/static-data.ts';
import { Conditions, type Home, suggest, type Template } from '../domain/template.ts';
import { test, type World } from './home.ts';

const UNKNOWN: Home = { ...NewResidence.parse({ name: 'Nothing known' }), climate_region: null };

type Row = Pick<Template, 'id' | 'title' | 'description' | 'category_id' | 'frequency_id' | 'tags' | 'conditions'>;

/** The rows that the migrations left, each with conditions that the schema has read. */
async function shipped(world: World): Promise<Row[]> {
  const [{ rows }] = await world.rows(
    `select json_agg(json_build_object('id', id, 'title', title, 'description', description, 'category_id', category_id,
       'frequency_id', frequency_id, 'tags', tags, 'conditions', conditions) order by id) as rows from task_tasktemplate`,
  );
  return rows.map((row: Row) => ({ ...row, conditions: Conditions.parse(row.conditions) }));
}

const idsOf = (lookUps: { id: number }[]) => lookUps.map(({ id }) => id);

describe('the templates that ship', () => {
  test('are sixty or more, each of them whole', async ({ world }) => {
    const templates = await shipped(world);
    expect(templates.length).toBeGreaterThanOrEqual(60);
    expect(templates.map(({ id }) => id)).toEqual(templates.map((_, index) => index + 1));
    expect(new Set(templates.map(({ title }) => title.toLowerCase())).size).toBe(templates.length);
    for (const { title, description, category_id, frequency_id, tags } of templates) {
      expect(title).toMatch(/^[A-Z].{4,199}$/);
      expect(description, title).toMatch(/^[A-Z][^\n]{29,299}[.]$/);
      expect(idsOf(STATIC_DATA.task_categories), title).toContain(category_id);
      expect(idsOf(STATIC_DATA.task_frequencies), title).toContain(frequency_id);
      expect(tags.length, title).toBeGreaterThan(0);
      for (const tag of tags) expect(tag, title).toMatch(/^[a-z]+(-[a-z]+)*$/);
    }
    expect(new Set(templates.map(({ category_id }) => category_id)).size).toBe(STATIC_DATA.task_categories.length);
  });

  test('leave the next id to the one that an admin adds', async ({ world }) => {
    const [{ next, last }] = await world.rows(
      `select nextval(pg_get_serial_sequence('task_tasktemplate', 'id'))::int as next, max(id)::int as last
       from task_tasktemplate`,
    );
    expect(next).toBe(last + 1);
  });

  test('ask for every value of the profile, and for every climate', async ({ world }) => {
    const templates = await shipped(world);
    const asked = (field: keyof Conditions) => new Set(templates.flatMap(({ conditions }) => conditions[field] ?? []));
    for (const [field, values] of Object.entries(HOME_PROFILE_CHOICES)) {
      const there = values.filter((value) => value !== 'none');
      expect([...asked(Conditions.keyof().parse(field))], field).toEqual(expect.arrayContaining(there));
    }
    for (const flag of HOME_PROFILE_FLAGS) expect([...asked(flag)], flag).toContain(true);
    expect([...asked('climate_region')].toSorted()).toEqual(CLIMATE_REGIONS);
    const types = [...asked('property_type_id')];
    expect(types.length).toBeGreaterThanOrEqual(5);
    expect(idsOf(STATIC_DATA.residence_types)).toEqual(expect.arrayContaining(types));
  });

  test('have something for a home of which nothing is known, and more for each climate', async ({ world }) => {
    const templates = await shipped(world);
    const general = suggest(templates, UNKNOWN);
    expect(general.length).toBeGreaterThanOrEqual(15);
    expect(new Set(general.map(({ score }) => score))).toEqual(new Set([0.3]));
    for (const climate_region of CLIMATE_REGIONS) {
      const suggested = suggest(templates, { ...UNKNOWN, climate_region });
      expect(suggested[0], `${climate_region}`).toMatchObject({ score: 0.35, reasons: ['climate_region'] });
      expect(suggested.length).toBeGreaterThan(general.length);
    }
  });
});

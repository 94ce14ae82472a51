import { expect } from 'vitest';
import { page } from '../domain/page.ts';
import { Suggestion } from '../domain/template.ts';
import { type Person, test, type World } from './home.ts';

const ask = (world: World, by: Person, residence_id: number, etag = '') =>
  world.send('GET', `/api/tasks/suggestions/?residence_id=${residence_id}`, by, undefined, {
    headers: { 'if-none-match': etag },
  });

async function suggestions(world: World, by: Person, residence_id: number) {
  const { status, body } = await ask(world, by, residence_id);
  expect(status).toBe(200);
  return page(Suggestion).strict().parse(body).results;
}

/** A few templates in place of those that ship. */
const templates = (world: World, made: [title: string, conditions: object][]) =>
  world.rows(
    `with hidden as (update task_tasktemplate set is_active = false)
     insert into task_tasktemplate (title, conditions) select e ->> 0, e -> 1 from jsonb_array_elements($1) e returning id::int`,
    [JSON.stringify(made)],
  );

test('what fits the home comes highest first, then by title, with its reasons', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  await templates(world, [
    ['General', {}],
    ['Pool', { has_pool: true }],
    ['Another pool', { has_pool: true, heating_type: 'boiler' }],
    ['No pool', { has_pool: false }],
    ['Heating', { heating_type: ['boiler', 'oil'], has_attic: true }],
    ['House', { property_type_id: 1 }],
    ['Cold', { climate_region: [6, 7] }],
  ]);
  await world.send('PATCH', `/api/residences/${residence_id}/`, owner, {
    has_pool: true,
    heating_type: 'boiler',
    property_type_id: 1,
  });
  await world.rows('update residence_residence set climate_region = 6 where id = $1', [residence_id]);
  const found = await suggestions(world, viewer, residence_id);
  expect(found.map(({ template, score, reasons }) => [template.title, score, reasons])).toEqual([
    ['Another pool', 0.55, ['heating_type', 'has_pool']],
    ['Cold', 0.35, ['climate_region']],
    ['General', 0.3, []],
    ['Pool', 0.3, ['has_pool']],
    ['Heating', 0.25, ['heating_type']],
    ['House', 0.15, ['property_type_id']],
  ]);
});

test('what the home has a task from is left out, unless that was put aside', async ({ world }) => {
  const { owner, stranger, residence_id, elsewhere } = await world.home();
  const [{ id: template_id }] = await templates(world, [['General', {}]]);
  const titles = async () => (await suggestions(world, owner, residence_id)).map(({ template }) => template.title);
  await world.task(stranger, elsewhere, { template_id });
  expect(await titles()).toEqual(['General']);
  const { id } = await world.task(owner, residence_id, { template_id });
  for (const [turn, expected] of [
    ['mark-in-progress', []],
    ['cancel', ['General']],
    ['uncancel', []],
    ['archive', ['General']],
    ['unarchive', []],
  ] as const) {
    await world.send('POST', `/api/tasks/${id}/${turn}/`, owner);
    expect(await titles(), turn).toEqual(expected);
  }
  await world.send('DELETE', `/api/tasks/${id}/`, owner);
  expect(await titles()).toEqual(['General']);
});

test('a home of which nothing is known gets what fits every home; in one trip, and once', async ({ world }) => {
  const { owner, stranger, residence_id } = await world.home();
  const found = await suggestions(world, owner, residence_id);
  expect(found.length).toBeGreaterThanOrEqual(15);
  expect(new Set(found.map(({ score }) => score))).toEqual(new Set([0.3]));
  const before = world.trips.length;
  const first = await ask(world, owner, residence_id);
  expect(world.trips.length - before).toBe(1);
  const etag = first.headers.get('etag') ?? '';
  const again = await ask(world, owner, residence_id, `W/${etag}`);
  expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
  await world.task(owner, residence_id, { template_id: found[0]?.template.id });
  expect((await ask(world, owner, residence_id, etag)).status).toBe(200);
  expect((await ask(world, stranger, residence_id)).status).toBe(404);
  expect((await world.send('GET', '/api/tasks/suggestions/', owner)).body.fields).toHaveProperty('residence_id');
});

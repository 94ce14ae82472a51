import { expect } from 'vitest';
import * as z from 'zod';
import { page } from '../domain/page.ts';
import { STATIC_DATA } from '../domain/static-data.ts';
import { Template, TemplateGroup } from '../domain/template.ts';
import { test, type World } from './home.ts';

const someone = (world: World) => world.person('ann');

test('lists every template once, by title, page by page', async ({ world }) => {
  const ann = await someone(world);
  await world.rows(
    `insert into task_tasktemplate (title, is_active) values ('Äther', true), ('Hidden', false), ('zzz', true), ('zzz', true)`,
  );
  const titles: string[] = [];
  for (let cursor = '', pages = 0; pages === 0 || (cursor && pages < 99); pages += 1) {
    const { status, body } = await world.send(
      'GET',
      `/api/tasks/templates/?limit=7${cursor && `&cursor=${cursor}`}`,
      ann,
    );
    expect(status).toBe(200);
    const { results, next_cursor } = page(Template).strict().parse(body);
    titles.push(...results.map(({ title }) => title));
    cursor = next_cursor ?? '';
  }
  expect(titles).toEqual(titles.toSorted());
  const shipped = await world.rows('select title from task_tasktemplate where is_active');
  expect(titles).toEqual(shipped.map(({ title }) => title).toSorted());
});

test('searches titles, descriptions and tags, and keeps to a category', async ({ world }) => {
  const ann = await someone(world);
  const find = async (query: string) => {
    const { body } = await world.send('GET', `/api/tasks/templates/?limit=200&${query}`, ann);
    return page(Template).strict().parse(body).results;
  };
  const [odd] = await world.rows(
    `insert into task_tasktemplate (title, description, tags, category_id)
     values ('Odd 100%', 'Mind the QUETZAL_nest', '{birdhouse}', 4) returning id::int`,
  );
  for (const search of ['oDD', 'quetzal', 'BIRDHOUSE', '100%25', 'l_nest', '  nest ']) {
    expect(
      (await find(`search=${search}`)).map(({ id }) => id),
      search,
    ).toEqual(search.trim() === 'nest' ? expect.arrayContaining([odd.id]) : [odd.id]);
  }
  expect(await find('search=_________')).toEqual([]);
  const category = STATIC_DATA.task_categories.find(({ id }) => id === 4);
  const exterior = await find('category_id=4');
  expect(exterior.length).toBeGreaterThan(2);
  for (const template of exterior) expect(template.category).toEqual(category);
  for (const query of ['category=4', `category=${category?.name.toUpperCase()}`])
    expect(await find(query)).toEqual(exterior);
  expect((await find('category=4&search=quetzal')).map(({ id }) => id)).toEqual([odd.id]);
  expect(await find('category=nothing')).toEqual([]);
  for (const query of ['search=%00', 'category=a%00', 'category_id=x', `cursor=${btoa('["\\u0000",1]')}`]) {
    expect((await world.send('GET', `/api/tasks/templates/?${query}`, ann)).status, query).toBe(400);
  }
});

test('groups them under their categories, in the order of those', async ({ world }) => {
  const ann = await someone(world);
  await world.rows(`insert into task_tasktemplate (title) values ('Of no category')`);
  const { status, body } = await world.send('GET', '/api/tasks/templates/grouped/', ann);
  expect(status).toBe(200);
  const groups = z.array(TemplateGroup).parse(body);
  expect(groups.map(({ category }) => category)).toEqual([...STATIC_DATA.task_categories, null]);
  for (const { category, templates } of groups) {
    for (const template of templates) expect(template.category).toEqual(category);
    const titles = templates.map(({ title }) => title);
    expect(titles).toEqual(titles.toSorted());
  }
  const [{ n }] = await world.rows('select count(*)::int n from task_tasktemplate');
  expect(groups.flatMap(({ templates }) => templates)).toHaveLength(n);
});

test('reads one, with its validator; not one that is no longer offered', async ({ world }) => {
  const ann = await someone(world);
  const { body, headers } = await world.send('GET', '/api/tasks/templates/1/', ann);
  const { category_id, frequency_id, ...template } = Template.strict().parse(body);
  expect(template.category?.id).toBe(category_id);
  expect(template.frequency).toEqual(STATIC_DATA.task_frequencies.find(({ id }) => id === frequency_id));
  const etag = headers.get('etag') ?? '';
  expect(etag).toMatch(/^"1\.[0-9a-f]{16}"$/);
  const read = () =>
    world.send('GET', '/api/tasks/templates/1/', ann, undefined, { headers: { 'if-none-match': etag } });
  expect((await read()).status).toBe(304);
  await world.rows('update task_tasktemplate set is_active = false where id = 1');
  expect((await read()).status).toBe(404);
  expect((await world.send('GET', '/api/tasks/templates/999999/', ann)).status).toBe(404);
});

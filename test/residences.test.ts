import { expect } from 'vitest';
import { Residence } from '../domain/residence.ts';
import { test } from './home.ts';

test('make, read, change, replace and delete a home', async ({ world }) => {
  const ann = await world.person('ann');
  const made = await world.send('POST', '/api/residences/', ann, {
    name: 'Maple',
    has_pool: true,
    heating_type: 'boiler',
    bathrooms: 2.5,
    purchase_price: '250000.00',
  });
  expect(made.status).toBe(201);
  expect(Residence.strict().parse(made.body)).toMatchObject({
    role: 'owner',
    version: 1,
    user_count: 1,
    profile_completeness: 0.1333,
    bathrooms: 2.5,
  });
  const path = `/api/residences/${made.body.id}/`;
  expect((await world.send('PATCH', path, ann, { city: 'Austin' })).body).toMatchObject({
    city: 'Austin',
    has_pool: true,
    version: 2,
  });
  expect((await world.send('PUT', path, ann, { name: 'Oak' })).body).toMatchObject({
    name: 'Oak',
    city: null,
    has_pool: null,
  });
  expect((await world.send('DELETE', path, ann)).status).toBe(204);
  expect((await world.send('GET', path, ann)).status).toBe(404);
  expect((await world.send('POST', '/api/tasks/', ann, { residence_id: made.body.id, title: 'x' })).status).toBe(404);
  expect((await world.send('GET', '/api/residences/', ann)).body).toEqual({ results: [], next_cursor: null });
  expect(
    await world.rows(`select action from audit_log where target_type = 'residence' order by id desc limit 1`),
  ).toEqual([{ action: 'deleted' }]);
});

test('lists every home once, page by page', async ({ world }) => {
  const ann = await world.person('ann');
  for (let n = 0; n < 5; n += 1) await world.send('POST', '/api/residences/', ann, { name: `Home ${n}` });
  const names: string[] = [];
  let cursor = '';
  do {
    const { body } = await world.send('GET', `/api/residences/?limit=2${cursor && `&cursor=${cursor}`}`, ann);
    names.push(...body.results.map(({ name }: { name: string }) => name));
    cursor = body.next_cursor;
  } while (cursor);
  expect(names).toEqual(['Home 0', 'Home 1', 'Home 2', 'Home 3', 'Home 4']);
});

test('refuses what is not listed, and keeps nothing that it does not know', async ({ world }) => {
  const ann = await world.person('ann');
  const bad = await world.send('POST', '/api/residences/', ann, { name: 'x', roof_type: 'gold', property_type_id: 1 });
  expect([bad.status, Object.keys(bad.body.fields)]).toEqual([400, ['roof_type']]);
  const extra = await world.send('POST', '/api/residences/', ann, {
    name: 'x',
    role: 'admin',
    deleted_at: '2020-01-01',
    id: 77,
  });
  expect([extra.status, extra.body.role, extra.body.id === 77]).toEqual([201, 'owner', false]);
});

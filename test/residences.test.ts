import { expect } from 'vitest';
import { MyResidence, Residence } from '../domain/residence.ts';
import { TotalSummary } from '../domain/summary.ts';
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
  const odd = await world.send('POST', '/api/residences/', ann, { name: 'x', property_type_id: 999 });
  expect([odd.status, Object.keys(odd.body.fields ?? {})]).toEqual([400, ['property_type_id']]);
  const extra = await world.send('POST', '/api/residences/', ann, {
    name: 'x',
    role: 'admin',
    deleted_at: '2020-01-01',
    id: 77,
  });
  expect([extra.status, extra.body.role, extra.body.id === 77]).toEqual([201, 'owner', false]);
});

test('the climate follows the address, whichever half of it is written', async ({ world }) => {
  const ann = await world.person('ann');
  const made = await world.send('POST', '/api/residences/', ann, { name: 'Maple', postal_code: '53703' });
  expect(made.body).toMatchObject({ climate_region: 6, profile_completeness: 0.0667 });
  const path = `/api/residences/${made.body.id}/`;
  const climates: unknown[] = [];
  for (const change of [{ country: 'Canada' }, { name: 'Oak' }, { country: 'USA' }, { postal_code: '33101-1234' }]) {
    climates.push((await world.send('PATCH', path, ann, change)).body.climate_region);
  }
  expect(climates).toEqual([null, null, 6, 2]);
  expect((await world.send('PUT', path, ann, { name: 'Oak' })).body).toMatchObject({
    climate_region: null,
    profile_completeness: 0,
  });
});

test('a home of which all is known is complete', async ({ world }) => {
  const ann = await world.person('ann');
  const strings = {
    heating_type: 'boiler',
    cooling_type: 'none',
    water_heater_type: 'tank_gas',
    roof_type: 'metal',
    exterior_type: 'brick',
    flooring_primary: 'tile',
    landscaping_type: 'lawn',
  };
  const flags = Object.fromEntries(
    ['pool', 'sprinkler_system', 'septic', 'fireplace', 'garage', 'basement', 'attic'].map((n) => [`has_${n}`, false]),
  );
  const home = { name: 'Maple', postal_code: '53703', ...strings, ...flags };
  expect((await world.send('POST', '/api/residences/', ann, home)).body.profile_completeness).toBe(1);
});

test('my homes say what their tasks come to, and the summary says it of all', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const cabin = (await world.send('POST', '/api/residences/', owner, { name: 'Cabin' })).body.id;
  await world.task(owner, residence_id, { due_date: '2026-03-01' });
  await world.task(owner, residence_id, { due_date: '2026-03-20', in_progress: true });
  const done = await world.task(owner, cabin, { due_date: '2026-03-05' });
  await world.send('POST', '/api/task-completions/', owner, { task_id: done.id, completed_at: '2026-03-06T10:00:00Z' });

  const none = Object.fromEntries(
    ['overdue', 'due_soon', 'upcoming', 'in_progress', 'completed', 'cancelled'].map((name) => [`${name}_tasks`, 0]),
  );
  const { body, headers } = await world.send('GET', '/api/residences/my/', owner);
  const homes = body.results.map((home: unknown) => MyResidence.strict().parse(home));
  expect(homes).toMatchObject([{ id: residence_id, role: 'owner' }, { id: cabin }]);
  expect(homes.map(({ summary }: { summary: object }) => summary)).toEqual([
    {
      total_tasks: 2,
      tasks_by_column: { ...none, overdue_tasks: 1, in_progress_tasks: 1 },
      completed_last_30_days: 0,
      next_due_date: '2026-03-01',
    },
    {
      total_tasks: 1,
      tasks_by_column: { ...none, completed_tasks: 1 },
      completed_last_30_days: 1,
      next_due_date: null,
    },
  ]);
  const known = { headers: { 'if-none-match': headers.get('etag') ?? '' } };
  expect((await world.send('GET', '/api/residences/my/', owner, undefined, known)).status).toBe(304);
  const first = await world.send('GET', '/api/residences/my/?limit=1', owner);
  const rest = await world.send('GET', `/api/residences/my/?cursor=${first.body.next_cursor}`, owner);
  expect([...first.body.results, ...rest.body.results]).toEqual(body.results);

  const summary = await world.send('GET', '/api/residences/summary/', owner);
  expect(TotalSummary.strict().parse(summary.body)).toEqual({
    total_residences: 2,
    total_tasks: 3,
    tasks_by_column: { ...none, overdue_tasks: 1, in_progress_tasks: 1, completed_tasks: 1 },
    completed_last_30_days: 1,
    next_due_date: '2026-03-01',
  });
});

test('a home pauses and resumes; twice is no error', async ({ world }) => {
  const { member, residence_id } = await world.home();
  const states: unknown[] = [];
  for (const verb of ['pause', 'pause', 'resume']) {
    states.push((await world.send('POST', `/api/residences/${residence_id}/${verb}/`, member)).body.is_paused);
  }
  expect(states).toEqual([true, true, false]);
});

test('its owner brings a deleted home back with all that was in it, for 30 days', async ({ world }) => {
  const { owner, member, viewer, residence_id } = await world.home();
  const task = await world.task(owner, residence_id);
  const path = `/api/residences/${residence_id}/`;
  const restore = () => world.send('POST', `${path}restore/`, owner);
  expect((await restore()).status).toBe(404);
  await world.send('DELETE', path, owner);
  expect((await world.send('POST', `${path}restore/`, member)).status).toBe(404);
  expect((await restore()).body).toMatchObject({ id: residence_id, role: 'owner', user_count: 3 });
  expect((await world.send('GET', `/api/tasks/${task.id}/`, viewer)).status).toBe(200);

  const restoreAfter = async (days: number) => {
    await world.send('DELETE', path, owner);
    await world.rows('update residence_residence set deleted_at = now() - make_interval(days => $1)', [days]);
    return (await restore()).status;
  };
  expect([await restoreAfter(29), await restoreAfter(30)]).toEqual([200, 404]);
});

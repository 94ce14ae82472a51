import { describe, expect } from 'vitest';
import { connect } from '../db/client.ts';
import { HOME_PROFILE_CHOICES, HOME_PROFILE_FLAGS, STATIC_DATA } from '../domain/static-data.ts';
import { nothingKept } from '../usecases/read-static-data.ts';
import { NOW, test } from './home.ts';

const PATHS = {
  '/api/static_data/': STATIC_DATA,
  '/api/residences/types/': STATIC_DATA.residence_types,
  '/api/tasks/categories/': STATIC_DATA.task_categories,
  '/api/tasks/priorities/': STATIC_DATA.task_priorities,
  '/api/tasks/frequencies/': STATIC_DATA.task_frequencies,
  '/api/contractors/specialties/': STATIC_DATA.contractor_specialties,
};

describe('static data', () => {
  test('are the rows that the database keeps for its foreign keys', async ({ world }) => {
    const tables = {
      residence_types: 'residence_residencetype',
      task_categories: 'task_taskcategory',
      task_priorities: 'task_taskpriority',
      task_frequencies: 'task_taskfrequency',
      contractor_specialties: 'task_contractorspecialty',
    } as const;
    for (const [list, table] of Object.entries(tables)) {
      const [{ kept }] = await world.rows(`select json_agg(to_json(t) order by id) as kept from ${table} t`);
      expect(kept, table).toEqual(STATIC_DATA[list as keyof typeof tables]);
    }
  });

  test('are as admins left them: read once, and once a minute behind an answer', async ({ world }) => {
    const ask = async (minutes: number) => {
      const before = world.trips.length;
      const now = () => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();
      const { body, headers } = await world.send('GET', '/api/tasks/categories/', null, undefined, { ports: { now } });
      const trips = /trips;desc="(\d)"/.exec(headers.get('server-timing') ?? '')?.[1];
      return [body[0].name, Number(trips), world.trips.length - before];
    };
    const name = STATIC_DATA.task_categories[0]?.name;
    expect(await ask(0)).toEqual([name, 1, 1]);
    await world.rows(`update task_taskcategory set name = 'Zzz' where id = 1`);
    expect(await ask(1)).toEqual([name, 0, 0]);
    expect(await ask(1.1)).toEqual([name, 0, 1]);
    expect(await ask(1.2)).toEqual(['Zzz', 0, 0]);
    // Without a database a cold isolate answers what it was built with, and keeps none of it.
    const away = { db: connect('postgresql://x:x@127.0.0.1:1/x'), static_data: nothingKept() };
    const cold = await world.send('GET', '/api/tasks/categories/', null, undefined, { ports: away });
    expect([cold.status, cold.body, away.static_data.made]).toEqual([200, STATIC_DATA.task_categories, null]);
  });

  test('are answered to anybody, kept by anybody, and cost no trip', async ({ world }) => {
    await world.send('GET', '/api/static_data/', null);
    world.trips.length = 0;
    for (const [path, data] of Object.entries(PATHS)) {
      const first = await world.send('GET', path, null);
      expect(first.status, path).toBe(200);
      expect(first.body).toEqual(data);
      expect(first.headers.get('cache-control')).toBe('public, max-age=300, stale-while-revalidate=86400');
      expect(first.headers.get('content-type')).toMatch(/^application\/json/);

      const etag = first.headers.get('etag') ?? '';
      expect(etag).toMatch(/^"[0-9a-f]{16}"$/);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const again = await world.send('GET', path, null, undefined, { headers: { 'if-none-match': known } });
        expect([again.status, again.text, again.headers.get('etag')], known).toEqual([304, '', etag]);
        expect(again.headers.get('cache-control')).toBe('public, max-age=300, stale-while-revalidate=86400');
      }
      const stale = await world.send('GET', path, null, undefined, { headers: { 'if-none-match': '"other"' } });
      expect([stale.status, stale.text]).toEqual([200, first.text]);
    }
    const garbled = await world.send('GET', '/api/static_data', null, undefined, {
      headers: { authorization: 'Token x' },
    });
    expect(garbled.status).toBe(200);
    expect(world.trips).toEqual([]);
  });

  test('name each of the fourteen fields of a home’s profile once', () => {
    const fields = STATIC_DATA.home_profile_options.map(({ field }) => field);
    expect(fields).toEqual([...Object.keys(HOME_PROFILE_CHOICES), ...HOME_PROFILE_FLAGS]);
    expect(new Set(fields).size).toBe(14);
    for (const { type, options } of STATIC_DATA.home_profile_options) {
      expect(options.length > 0).toBe(type === 'choice');
      expect(new Set(options).size).toBe(options.length);
    }
  });
});

import { describe, expect } from 'vitest';
import { civilDate } from '../domain/dates.ts';
import { parseZone } from '../domain/zone.ts';
import { type Person, test, type World } from './home.ts';

/**
 * Every hour of a winter's and a summer's day, so that a clock that differs by an hour tells another date at one of them;
 * and days of clock changes. All past: rules for days to come differ from one release of the tz database to the next.
 */
const MOMENTS = [
  ...hours('2025-01-15', 1),
  ...hours('2025-07-15', 1),
  ...['2025-03-09', '2025-03-30', '2025-04-06', '2025-10-26', '2025-11-02'].flatMap((day) => hours(day, 8)),
].toSorted();

function hours(day: string, step: number): string[] {
  const start = Date.parse(`${day}T00:30:00Z`);
  return Array.from({ length: 24 / step }, (_, n) => new Date(start + n * step * 3_600_000).toISOString());
}

const OFFSETS = ['00', '03', '05', '09', '12', '14'].flatMap((hour) =>
  ['00', '30', '45'].flatMap((minute) => [`+${hour}:${minute}`, `-${hour}:${minute}`]),
);
const ALIASES =
  'UTC GMT GB US/Central Asia/Calcutta Asia/Kolkata EST HST MST EST5EDT PST8PDT PRC ROK NZ CET MET EET WET cet america/chicago Etc/GMT+5 UTC+05:30 GMT-03:00';

describe('hd_today', () => {
  test('tells the same civil date as the domain, in every zone', async ({ world }) => {
    const names = [...Intl.supportedValuesOf('timeZone'), ...OFFSETS, ...ALIASES.split(' ')];
    const zones = names.map((name) => parseZone(name) ?? `refused: ${name}`);
    const told = await world.rows(
      `select zone, array_agg(hd_today(at::timestamptz, zone)::text order by at) as days
       from unnest($1::text[]) zone, unnest($2::text[]) at group by zone`,
      [[...new Set(zones)], MOMENTS],
    );
    expect(told.length).toBeGreaterThan(450);
    const different = told.filter(({ zone, days }) =>
      MOMENTS.some((moment, index) => days[index] !== civilDate(moment, zone)),
    );
    expect(different.map(({ zone }) => zone)).toEqual([]);
  });

  test('takes a name that it does not know for UTC', async ({ world }) => {
    const [{ day }] = await world.rows(`select hd_today('2026-03-07T23:59:59Z', 'Mars/Olympus')::text as day`);
    expect(day).toBe('2026-03-07');
  });
});

describe('the board’s day', () => {
  const board = async (world: World, by: Person, now: string, zone?: string) => {
    const headers: Record<string, string> = zone === undefined ? {} : { 'x-timezone': zone };
    const { body } = await world.send('GET', '/api/tasks/', by, undefined, { headers, ports: { now: () => now } });
    return [body.zone, body.today];
  };
  const EVENING = '2026-03-07T20:00:00.000Z';
  const NIGHT = '2026-03-07T02:00:00.000Z';

  test('follows the header, else the profile, else UTC', async ({ world }) => {
    const { owner } = await world.home();
    expect(await board(world, owner, NIGHT)).toEqual(['UTC', '2026-03-07']);
    const changed = await world.send('PATCH', '/api/auth/me/', owner, { timezone: 'America/Chicago' });
    expect(changed.status).toBe(200);
    expect(await board(world, owner, NIGHT)).toEqual(['America/Chicago', '2026-03-06']);
    expect(await board(world, owner, EVENING, 'Asia/Tokyo')).toEqual(['Asia/Tokyo', '2026-03-08']);
    expect(world.logged.filter(({ event }) => event === 'zone.unknown')).toEqual([]);

    for (const nonsense of ['Mars/Olympus', '+25:00', "UTC'; select 1 --", 'x'.repeat(500)]) {
      expect(await board(world, owner, NIGHT, nonsense)).toEqual(['America/Chicago', '2026-03-06']);
    }
    expect(world.logged.filter(({ event }) => event === 'zone.unknown')).toHaveLength(4);
  });

  test('counts offsets to the east, as phones mean them', async ({ world }) => {
    const { owner } = await world.home();
    expect(await board(world, owner, EVENING, 'UTC+05:30')).toEqual(['+05:30', '2026-03-08']);
    expect(await board(world, owner, EVENING, 'UTC-05:30')).toEqual(['-05:30', '2026-03-07']);
    expect(await board(world, owner, NIGHT, 'GMT-03:00')).toEqual(['-03:00', '2026-03-06']);
    expect(await board(world, owner, NIGHT, 'GMT+03:00')).toEqual(['+03:00', '2026-03-07']);
    expect(await board(world, owner, EVENING, '+09:00')).toEqual(['+09:00', '2026-03-08']);
    expect(await board(world, owner, EVENING, '+0900')).toEqual(['+09:00', '2026-03-08']);
  });

  test('counts them so in the profile too', async ({ world }) => {
    const { owner } = await world.home();
    await world.send('PATCH', '/api/auth/me/', owner, { timezone: 'UTC+05:30' });
    expect(await board(world, owner, EVENING)).toEqual(['+05:30', '2026-03-08']);
  });
});

import { Temporal } from '@js-temporal/polyfill';
import { describe, expect, test } from 'vitest';
import { addInterval, civilDate, localTime } from '../domain/dates.ts';
import { lastDateOfHour, momentOfHour } from '../domain/reminder.ts';

// Every zone around its clock changes of 2025–2030, against another Temporal than the domain's. One change of each zone,
// a different one from zone to zone; CLOCK_CHANGES=all takes them all.
const isAll = process.env.CLOCK_CHANGES === 'all';
const FROM = Temporal.Instant.from('2025-01-01T00:00Z');
const TO_MS = Date.parse('2031-01-01T00:00Z');
const STEP_MS = 15 * 60_000;
const AROUND_MS = 60 * 3_600_000;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

const zones = Intl.supportedValuesOf('timeZone');
const changing = zones.map((zone) => ({ zone, changes: changesOf(zone) })).filter(({ changes }) => changes.length > 0);
const still = zones.filter((zone) => !changing.some((each) => each.zone === zone));

/** The moments at which a zone's clocks are changed. */
function changesOf(zone: string): number[] {
  const changes: number[] = [];
  let at: Temporal.ZonedDateTime | null = FROM.toZonedDateTimeISO(zone);
  for (;;) {
    at = at.getTimeZoneTransition('next');
    if (at === null || at.epochMilliseconds >= TO_MS) return changes;
    changes.push(at.epochMilliseconds);
  }
}

type Shown = { moment: string; clock: string };

/** What a clock in the zone shows, quarter of an hour by quarter. */
function shownAround(ms: number, zone: string): Shown[] {
  return Array.from({ length: (2 * AROUND_MS) / STEP_MS }, (_, n) => {
    const instant = Temporal.Instant.fromEpochMilliseconds(ms - AROUND_MS + n * STEP_MS);
    const clock = instant.toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' });
    return { moment: new Date(instant.epochMilliseconds).toISOString(), clock };
  });
}

/** The day of the moment and its neighbours, by every law there is. */
function holdsAround(ms: number, zone: string): void {
  const shown = shownAround(ms, zone);
  const told = shown.map(({ moment }) => `${civilDate(moment, zone)}T${localTime(moment, zone)}`);
  expect(told).toEqual(shown.map(({ clock }) => clock));

  const dates = [...new Set(told.map((clock) => clock.slice(0, 10)))];
  expect(dates.slice(1), 'no date is left out').toEqual(dates.slice(0, -1).map((date) => addInterval(date, 1, 'day')));

  const today = civilDate(new Date(ms).toISOString(), zone);
  for (const date of [addInterval(today, -1, 'day'), today, addInterval(today, 1, 'day')]) {
    for (const hour of HOURS) {
      const first = shown.find(({ clock }) => clock >= `${date}T${String(hour).padStart(2, '0')}:00`);
      const moment = momentOfHour(date, hour, zone);
      expect(moment, `${hour} h on ${date}`).toBe(first?.moment);
      expect(lastDateOfHour(moment, hour, zone)).toBe(date);
      const before = new Date(Date.parse(moment) - 1).toISOString();
      expect(lastDateOfHour(before, hour, zone)).toBe(addInterval(date, -1, 'day'));
    }
  }
}

describe('around a clock change', () => {
  test.for(changing.map(({ zone, changes }, index) => ({ zone, changes, index })))(
    '$zone',
    ({ zone, changes, index }) => {
      for (const ms of isAll ? changes : changes.slice(index % changes.length).slice(0, 1)) holdsAround(ms, zone);
    },
  );

  test('there are changes to speak of', () => {
    expect(changing.length).toBeGreaterThan(100);
    expect(changing.flatMap(({ changes }) => changes).length).toBeGreaterThan(1000);
  });
});

test('where clocks stand still, an hour is the same on every day', () => {
  for (const zone of still) {
    for (let day = 0; day < 6 * 365; day += 73) {
      const date = addInterval('2025-01-01', day, 'day');
      const { epochMilliseconds } = Temporal.PlainDateTime.from(`${date}T09:00`).toZonedDateTime(zone);
      const moment = new Date(epochMilliseconds).toISOString();
      expect(momentOfHour(date, 9, zone), zone).toBe(moment);
      expect(civilDate(moment, zone), zone).toBe(date);
    }
  }
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addInterval, civilDate, localTime, momentOf, unitsBetween } from './dates.ts';

const RUNS = { seed: 20260307, numRuns: 1000, interruptAfterTimeLimit: 2000, markInterruptAsFailure: false };
const DAY_MS = 86_400_000;

const date = fc.integer({ min: 0, max: 365_000 }).map((days) => dateOf(Date.UTC(1900, 0, 1) + days * DAY_MS));
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const monthIndex = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));

describe('addInterval', () => {
  test.each([
    ['2026-01-31', 1, 'month', '2026-02-28'],
    ['2028-01-31', 1, 'month', '2028-02-29'],
    ['2026-01-31', 2, 'month', '2026-03-31'],
    ['2026-03-31', 1, 'month', '2026-04-30'],
    ['2026-12-31', 2, 'month', '2027-02-28'],
    ['2028-02-29', 1, 'year', '2029-02-28'],
    ['2028-02-29', 4, 'year', '2032-02-29'],
    ['2096-02-29', 4, 'year', '2100-02-28'],
    ['2026-03-07', 1, 'day', '2026-03-08'],
    ['2026-03-07', 2, 'week', '2026-03-21'],
    ['2026-12-31', 1, 'day', '2027-01-01'],
    ['2999-12-31', 1000, 'year', '3999-12-31'],
    ['9999-12-31', 1, 'day', '9999-12-31'],
    ['9500-06-01', 1000, 'year', '9999-12-31'],
    ['2028-03-01', -1, 'day', '2028-02-29'],
    ['2026-01-03', -30, 'day', '2025-12-04'],
  ] as const)('%s + %i %s is %s', (from, count, unit, to) => expect(addInterval(from, count, unit)).toBe(to));

  test('days and weeks are whole days of UTC', () => {
    const both = fc.property(date, fc.integer({ min: 0, max: 1000 }), (from, n) => {
      expect(addInterval(from, n, 'day')).toBe(dateOf(Date.parse(from) + n * DAY_MS));
      expect(addInterval(from, n, 'week')).toBe(dateOf(Date.parse(from) + n * 7 * DAY_MS));
    });
    fc.assert(both, RUNS);
  });

  test('months and years keep the day, or end on the last of a shorter month', () => {
    const kept = fc.property(date, fc.integer({ min: 0, max: 1000 }), (from, n) => {
      const later = addInterval(from, n, 'month');
      expect(monthIndex(later)).toBe(monthIndex(from) + n);
      const tomorrow = dateOf(Date.parse(later) + DAY_MS);
      if (later.slice(8) !== from.slice(8)) {
        expect(later.slice(8) < from.slice(8)).toBe(true);
        expect(tomorrow.slice(8)).toBe('01');
      }
      expect(addInterval(from, n, 'year')).toBe(addInterval(from, n * 12, 'month'));
    });
    fc.assert(kept, RUNS);
  });
});

test('unitsBetween counts the whole units: that many fit, one more does not', () => {
  const unit = fc.constantFrom('day', 'week', 'month', 'year');
  const fits = fc.property(date, fc.integer({ min: 0, max: 30_000 }), unit, (from, days, unit) => {
    const to = dateOf(Date.parse(from) + days * DAY_MS);
    const n = unitsBetween(from, to, unit);
    expect(addInterval(from, n, unit) <= to).toBe(true);
    expect(addInterval(from, n + 1, unit) > to).toBe(true);
  });
  fc.assert(fits, RUNS);
});

describe('civilDate', () => {
  test.each([
    ['2026-03-08T04:59:59Z', 'America/New_York', '2026-03-07'],
    ['2026-03-08T05:00:00Z', 'America/New_York', '2026-03-08'],
    ['2026-03-09T03:59:59Z', 'America/New_York', '2026-03-08'],
    ['2026-03-09T04:00:00Z', 'America/New_York', '2026-03-09'],
    ['2026-11-01T04:00:00Z', 'America/New_York', '2026-11-01'],
    ['2026-11-02T04:59:59Z', 'America/New_York', '2026-11-01'],
    ['2026-03-07T18:14:59Z', 'Asia/Kathmandu', '2026-03-07'],
    ['2026-03-07T18:15:00Z', 'Asia/Kathmandu', '2026-03-08'],
    ['2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31'],
    ['2026-03-07T18:30:00Z', '+05:30', '2026-03-08'],
    ['2026-03-07T02:59:59Z', '-03:00', '2026-03-06'],
    ['2026-03-07T23:30:00-05:00', 'UTC', '2026-03-08'],
  ])('%s in %s is %s', (moment, zone, day) => expect(civilDate(moment, zone)).toBe(day));

  test('agrees with Intl in zones with and without summer time', () => {
    const zones = [
      'America/Chicago',
      'Europe/Berlin',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Kiritimati',
      'UTC',
    ];
    const formats = new Map(zones.map((timeZone) => [timeZone, new Intl.DateTimeFormat('en-CA', { timeZone })]));
    const moment = fc.date({ min: new Date('1980-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });
    const agree = fc.property(moment, fc.constantFrom(...zones), (moment, zone) => {
      expect(civilDate(moment.toISOString(), zone)).toBe(formats.get(zone)?.format(moment));
    });
    fc.assert(agree, RUNS);
  });
});

describe('localTime', () => {
  test.each([
    ['2026-03-08T06:59:59.999Z', 'America/New_York', '01:59'],
    ['2026-03-08T07:00:00Z', 'America/New_York', '03:00'],
    ['2026-03-07T18:15:00Z', 'Asia/Kathmandu', '00:00'],
    ['2026-03-07T23:59:00+02:00', 'UTC', '21:59'],
    ['2026-03-07T00:00:00Z', '-00:30', '23:30'],
  ])('%s in %s is %s', (moment, zone, time) => expect(localTime(moment, zone)).toBe(time));
});

// test/clock-changes.test.ts holds this against every zone there is.
describe('momentOf', () => {
  test.each([
    ['a plain day', '2026-03-07', '09:00', 'America/New_York', '2026-03-07T14:00:00.000Z'],
    ['an offset', '2026-03-07', '09:30', '+05:30', '2026-03-07T04:00:00.000Z'],
    ['midnight', '2026-03-07', '00:00', 'UTC', '2026-03-07T00:00:00.000Z'],
    ['skipped, its start', '2026-03-08', '02:00', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['skipped, its middle', '2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['just after a skipped hour', '2026-03-08', '03:00', 'America/New_York', '2026-03-08T07:00:00.000Z'],
    ['half an hour skipped', '2026-10-04', '02:00', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['the second of two skipped hours', '2026-03-29', '02:00', 'Antarctica/Troll', '2026-03-29T01:00:00.000Z'],
    ['skipped up to midnight', '2026-03-28', '23:00', 'America/Nuuk', '2026-03-29T01:00:00.000Z'],
    ['midnight skipped', '2026-04-24', '00:00', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
    ['a day skipped', '2011-12-30', '09:00', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    ['twice', '2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['twice, with summer time in winter', '2026-10-25', '01:00', 'Europe/Dublin', '2026-10-25T00:00:00.000Z'],
    ['after what occurs twice', '2026-11-01', '02:00', 'America/New_York', '2026-11-01T07:00:00.000Z'],
  ])('%s: %s %s in %s is %s', (_what, date, time, zone, moment) => expect(momentOf(date, time, zone)).toBe(moment));
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addInterval, civilDate, localTime } from './dates.ts';
import type { Interval } from './recurrence.ts';
import {
  dueStage,
  type HoursCome,
  isQuiet,
  lastDateOfHour,
  momentOfHour,
  quietUntil,
  stagesFor,
  typeOf,
} from './reminder.ts';

const RUNS = { seed: 20260307, numRuns: 500, interruptAfterTimeLimit: 3000, markInterruptAsFailure: false };
const HOUR_MS = 3_600_000;
const OVERDUE = [-1, -2, -3, -6, -9, -12];
const YEARLY: Interval = { every: 1, unit: 'year' };
const MONTHLY: Interval = { every: 1, unit: 'month' };

describe('stagesFor', () => {
  const YEAR = [30, 14, 7, 0];
  const QUARTER = [7, 3, 0];
  const MONTH = [3, 0];
  const TWO_WEEKS = [1, 0];
  const OFTEN = [0];
  test.each<[Interval, number[]]>([
    [{ every: 10, unit: 'year' }, YEAR],
    [{ every: 1, unit: 'year' }, YEAR],
    [{ every: 12, unit: 'month' }, YEAR],
    [{ every: 365, unit: 'day' }, YEAR],
    [{ every: 53, unit: 'week' }, YEAR],
    [{ every: 11, unit: 'month' }, QUARTER],
    [{ every: 364, unit: 'day' }, QUARTER],
    [{ every: 3, unit: 'month' }, QUARTER],
    [{ every: 90, unit: 'day' }, QUARTER],
    [{ every: 13, unit: 'week' }, QUARTER],
    [{ every: 2, unit: 'month' }, MONTH],
    [{ every: 89, unit: 'day' }, MONTH],
    [{ every: 12, unit: 'week' }, MONTH],
    [{ every: 1, unit: 'month' }, MONTH],
    [{ every: 30, unit: 'day' }, MONTH],
    [{ every: 29, unit: 'day' }, TWO_WEEKS],
    [{ every: 4, unit: 'week' }, TWO_WEEKS],
    [{ every: 2, unit: 'week' }, TWO_WEEKS],
    [{ every: 14, unit: 'day' }, TWO_WEEKS],
    [{ every: 13, unit: 'day' }, OFTEN],
    [{ every: 1, unit: 'week' }, OFTEN],
    [{ every: 1, unit: 'day' }, OFTEN],
    [null, OFTEN],
  ])('%j: %j, then overdue', (interval, before) => expect(stagesFor(interval)).toEqual([...before, ...OVERDUE]));
});

describe('dueStage', () => {
  const both = (date: string): HoursCome => ({ task_due_soon: date, task_overdue: date });
  const due = (effective_date: string, interval: Interval, today: string, since: string | null) =>
    dueStage({ effective_date, interval, today: both(today), since: since === null ? null : both(since) });

  test('of a yearly task, looked at each day', () => {
    const sent: [string, number][] = [];
    for (let day = -40; day <= 40; day += 1) {
      const today = addInterval('2026-03-07', day, 'day');
      const stage = due('2026-03-07', YEARLY, today, addInterval(today, -1, 'day'));
      if (stage !== null) sent.push([today, stage]);
    }
    expect(sent).toEqual([
      ['2026-02-05', 30],
      ['2026-02-21', 14],
      ['2026-02-28', 7],
      ['2026-03-07', 0],
      ['2026-03-08', -1],
      ['2026-03-09', -2],
      ['2026-03-10', -3],
      ['2026-03-13', -6],
      ['2026-03-16', -9],
      ['2026-03-19', -12],
    ]);
  });

  test.each<[string, string, string | null, number | null]>([
    ['its day', '2026-03-04', '2026-03-03', 3],
    ['its day, looked at before', '2026-03-04', '2026-03-04', null],
    ['missed by a day', '2026-03-05', '2026-03-03', 3],
    ['missed by three days, which are up with the next', '2026-03-07', '2026-03-03', 0],
    ['missed all: the newest', '2026-03-10', '2026-03-01', -3],
    ['missed by two days', '2026-03-15', '2026-03-12', -6],
    ['missed and superseded', '2026-03-16', '2026-03-12', -9],
    ['missed the last by two days', '2026-03-21', '2026-03-18', -12],
    ['none after day 14', '2026-03-22', '2026-03-18', null],
    ['nobody knows since when', '2026-03-05', null, 3],
    ['nobody knows since when, and it is too long ago', '2026-03-28', null, null],
    ['too early', '2026-03-03', null, null],
  ])('%s: on %s after %s it is %s', (_what, today, since, stage) => {
    expect(due('2026-03-07', MONTHLY, today, since)).toBe(stage);
  });

  test('a stage of four days ago is not sent any more', () => {
    expect(due('2026-03-31', YEARLY, '2026-03-20', '2026-03-16')).toBe(14);
    expect(due('2026-03-31', YEARLY, '2026-03-21', '2026-03-16')).toBeNull();
  });

  test('is overdue only once the hour of that type has come', () => {
    const morning = { task_due_soon: '2026-03-08', task_overdue: '2026-03-07' };
    const ask = (today: HoursCome, since: HoursCome) =>
      dueStage({ effective_date: '2026-03-07', interval: MONTHLY, today, since });
    expect(ask(morning, both('2026-03-06'))).toBe(0);
    expect(ask(morning, both('2026-03-07'))).toBeNull();
    expect(ask(both('2026-03-08'), morning)).toBe(-1);
  });

  test('over any run of the scheduler: at its hour, once, and never more than the newest', () => {
    const interval = fc.constantFrom<Interval[]>(null, { every: 2, unit: 'week' }, MONTHLY, YEARLY);
    const zone = fc.constantFrom('America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Nuuk', '+05:30');
    const hour = fc.integer({ min: 0, max: 23 });
    /** Between one look and the next: mostly an hour, sometimes days. */
    const pause_h = fc.oneof(
      { weight: 9, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.integer({ max: 140, min: 2 }) },
    );
    const start = fc.integer({ min: 0, max: 365 * 24 }).map((hours) => Date.UTC(2026, 0, 1, hours, 20));

    const run = fc.property(
      fc.record({
        interval,
        zone,
        soon: hour,
        overdue: hour,
        start,
        pauses: fc.array(pause_h, { minLength: 50, maxLength: 300 }),
      }),
      ({ interval, zone, soon, overdue, start, pauses }) => {
        const moments = [start];
        for (const hours of pauses) moments.push((moments.at(-1) ?? start) + hours * HOUR_MS);
        const effective_date = civilDate(new Date(moments[Math.floor(moments.length / 2)] ?? 0).toISOString(), zone);
        const come = (ms: number): HoursCome => {
          const now = new Date(ms).toISOString();
          return { task_due_soon: lastDateOfHour(now, soon, zone), task_overdue: lastDateOfHour(now, overdue, zone) };
        };
        const comes = stagesFor(interval).map((stage) => {
          const hour = typeOf(stage) === 'task_overdue' ? overdue : soon;
          const date = addInterval(effective_date, -stage, 'day');
          return { stage, hour, date, at: Date.parse(momentOfHour(date, hour, zone)) };
        });
        for (const [index, now] of moments.slice(1).entries()) {
          const then = moments[index] ?? 0;
          const newest = comes.filter(({ at }) => at > then && at <= now).at(-1);
          const isFresh = (date: string, hour: number) => {
            const today = lastDateOfHour(new Date(now).toISOString(), hour, zone);
            return today <= addInterval(date, 3, 'day') && today <= addInterval(effective_date, 14, 'day');
          };
          const expected = newest && isFresh(newest.date, newest.hour) ? newest.stage : null;
          expect(dueStage({ effective_date, interval, today: come(now), since: come(then) })).toBe(expected);
        }
      },
    );
    fc.assert(run, { ...RUNS, numRuns: 60 });
  });
});

test.each([
  ['2026-03-07T13:59:59.999Z', 9, 'America/New_York', '2026-03-06'],
  ['2026-03-07T14:00:00Z', 9, 'America/New_York', '2026-03-07'],
  ['2026-03-08T06:59:59Z', 2, 'America/New_York', '2026-03-07'],
  ['2026-03-08T07:00:00Z', 2, 'America/New_York', '2026-03-08'],
  ['2026-11-01T05:00:00Z', 1, 'America/New_York', '2026-11-01'],
  ['2026-11-01T06:00:00Z', 1, 'America/New_York', '2026-11-01'],
  ['2026-03-29T01:00:00Z', 23, 'America/Nuuk', '2026-03-28'],
])('at %s the hour %i in %s has come last on %s', (moment, hour, zone, date) => {
  expect(lastDateOfHour(moment, hour, zone)).toBe(date);
});

describe('quiet hours', () => {
  test.each<[string, string | null, string | null, boolean]>([
    ['21:59', '22:00', '07:00', false],
    ['22:00', '22:00', '07:00', true],
    ['00:00', '22:00', '07:00', true],
    ['06:59', '22:00', '07:00', true],
    ['07:00', '22:00', '07:00', false],
    ['12:59', '13:00', '14:30', false],
    ['13:00', '13:00', '14:30', true],
    ['14:30', '13:00', '14:30', false],
    ['22:00', '22:00', '22:00', false],
    ['22:00', '22:00', null, false],
    ['22:00', null, '07:00', false],
    ['22:00', null, null, false],
  ])('%s from %s to %s: %s', (time, start, end, quiet) => expect(isQuiet(time, start, end)).toBe(quiet));

  const night = { quiet_start: '22:00', quiet_end: '07:00' };
  test.each<[string, string, string | null]>([
    ['2026-03-08T02:59:00Z', 'America/New_York', null],
    ['2026-03-08T03:00:00Z', 'America/New_York', '2026-03-08T11:00:00.000Z'],
    ['2026-03-08T10:59:00Z', 'America/New_York', '2026-03-08T11:00:00.000Z'],
    ['2026-03-08T11:00:00Z', 'America/New_York', null],
    ['2026-03-31T23:30:00Z', 'UTC', '2026-04-01T07:00:00.000Z'],
  ])('of a night that loses an hour, and another: at %s in %s until %s', (moment, zone, until) => {
    expect(quietUntil(moment, night, zone)).toBe(until);
  });

  test('end once, also if their end occurs twice', () => {
    const short = { quiet_start: '22:00', quiet_end: '01:30' };
    expect(quietUntil('2026-11-01T05:15:00Z', short, 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
    expect(localTime('2026-11-01T06:15:00Z', 'America/New_York')).toBe('01:15');
    expect(quietUntil('2026-11-01T06:15:00Z', short, 'America/New_York')).toBeNull();
  });

  test('always end later than now, within a day, at a moment that is not quiet', () => {
    const time = fc.nat({ max: 1439 }).map((min) => new Date(min * 60_000).toISOString().slice(11, 16));
    const zone = fc.constantFrom(
      'America/New_York',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Antarctica/Troll',
      '-03:30',
    );
    const moment = fc
      .integer({ min: 0, max: 365 * 96 })
      .map((n) => new Date(Date.UTC(2026, 0, 1, 0, n * 15)).toISOString());
    const ends = fc.property(moment, zone, time, time, (moment, zone, quiet_start, quiet_end) => {
      const until = quietUntil(moment, { quiet_start, quiet_end }, zone);
      if (until === null) return;
      expect(isQuiet(localTime(moment, zone), quiet_start, quiet_end)).toBe(true);
      expect(Date.parse(until)).toBeGreaterThan(Date.parse(moment));
      expect(Date.parse(until) - Date.parse(moment)).toBeLessThanOrEqual(27 * HOUR_MS);
      expect(quietUntil(until, { quiet_start, quiet_end }, zone)).toBeNull();
    });
    fc.assert(ends, { ...RUNS, numRuns: 2000 });
  });
});

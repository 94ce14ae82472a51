import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextDueDate, type Series, upcomingDates } from './recurrence.ts';
import type { Unit } from './static-data.ts';

const RUNS = { seed: 20260307, numRuns: 1000, interruptAfterTimeLimit: 3000, markInterruptAsFailure: false };
const DAY_MS = 86_400_000;

/* The reference walks the calendar a day at a time and asks of each day whether the series falls on it. */

const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const monthsOf = (day: Date) => day.getUTCFullYear() * 12 + day.getUTCMonth();
const isLastOfMonth = (day: Date) => new Date(day.getTime() + DAY_MS).getUTCDate() === 1;

function fallsOn(day: Date, anchor: Date, every: number, unit: Unit): boolean {
  const days = (day.getTime() - anchor.getTime()) / DAY_MS;
  if (unit === 'day') return days % every === 0;
  if (unit === 'week') return days % (7 * every) === 0;
  if ((monthsOf(day) - monthsOf(anchor)) % (unit === 'year' ? 12 * every : every) !== 0) return false;
  return day.getUTCDate() === anchor.getUTCDate() || (isLastOfMonth(day) && day.getUTCDate() < anchor.getUTCDate());
}

/** The first day after `past` on which the series that starts at `anchor` falls. */
function firstDayAfter(past: string, anchor: string, every: number, unit: Unit): string {
  let day = Math.max(Date.parse(past) + DAY_MS, Date.parse(anchor));
  while (!fallsOn(new Date(day), new Date(anchor), every, unit)) day += DAY_MS;
  return dateOf(day);
}

const date = fc.integer({ min: 0, max: 20_000 }).map((days) => dateOf(Date.UTC(2000, 0, 1) + days * DAY_MS));
const interval = fc.oneof(
  fc.record({ every: fc.integer({ min: 1, max: 400 }), unit: fc.constant<Unit>('day') }),
  fc.record({ every: fc.integer({ min: 1, max: 60 }), unit: fc.constant<Unit>('week') }),
  fc.record({ every: fc.integer({ min: 1, max: 30 }), unit: fc.constant<Unit>('month') }),
  fc.record({ every: fc.integer({ min: 1, max: 6 }), unit: fc.constant<Unit>('year') }),
);
/** The ends of months are where clamping happens. */
const anchor = fc.oneof(
  date,
  date.map((day) => dateOf(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0))),
);

const fixed = (anchor_date: string | null, effective_date: string | null, every: number, unit: Unit): Series => ({
  interval: { every, unit },
  schedule: 'fixed',
  anchor_date,
  effective_date,
});

describe('from_completion', () => {
  test('counts from the day it was done, whatever was due', () => {
    const counted = fc.property(anchor, interval, fc.option(date), fc.option(date), (doneOn, interval, due, start) => {
      const series: Series = { interval, schedule: 'from_completion', anchor_date: start, effective_date: due };
      const expected = firstDayAfter(doneOn, doneOn, interval.every, interval.unit);
      expect(nextDueDate(series, doneOn)).toBe(expected);
    });
    fc.assert(counted, RUNS);
  });
});

describe('fixed', () => {
  test('is the first day of the series after the completion and the open occurrence', () => {
    const first = fc.property(
      anchor,
      interval,
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: -800, max: 1500 }),
      (anchor, { every, unit }, occurrences, late) => {
        let open = anchor;
        for (let n = 0; n < occurrences; n += 1) {
          open = firstDayAfter(open, anchor, every, unit);
        }
        const doneOn = dateOf(Date.parse(open) + late * DAY_MS);
        const next = nextDueDate(fixed(anchor, open, every, unit), doneOn);
        expect(next).toBe(firstDayAfter(late > 0 ? doneOn : open, anchor, every, unit));
        expect(next !== null && next > doneOn && next > open).toBe(true);
      },
    );
    fc.assert(first, RUNS);
  });

  test('needs neither an anchor nor an open date', () => {
    const first = fc.property(date, interval, fc.option(date), (doneOn, { every, unit }, open) => {
      const past = open !== null && open > doneOn ? open : doneOn;
      expect(nextDueDate(fixed(null, open, every, unit), doneOn)).toBe(
        firstDayAfter(past, open ?? doneOn, every, unit),
      );
    });
    fc.assert(first, RUNS);
  });

  test('the anchor’s day returns after a shorter month', () => {
    const walked = ['2026-01-31'];
    for (let n = 0; n < 6; n += 1) {
      const open = walked.at(-1) ?? '';
      walked.push(nextDueDate(fixed('2026-01-31', open, 1, 'month'), open) ?? '');
    }
    expect(walked.slice(1)).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
      '2026-06-30',
      '2026-07-31',
    ]);
    expect(nextDueDate(fixed('2028-01-31', '2028-01-31', 1, 'month'), '2028-01-31')).toBe('2028-02-29');
    expect(nextDueDate(fixed('2028-01-31', '2028-02-29', 1, 'month'), '2028-02-29')).toBe('2028-03-31');
    expect(nextDueDate(fixed('2024-02-29', '2027-02-28', 1, 'year'), '2027-03-01')).toBe('2028-02-29');
  });

  test('an early completion uses the open occurrence up', () => {
    const monthly = fixed('2026-01-10', '2026-03-10', 1, 'month');
    expect(nextDueDate(monthly, '2026-03-07')).toBe('2026-04-10');
    expect(nextDueDate(monthly, '2026-01-01')).toBe('2026-04-10');
    expect(nextDueDate(fixed('2026-03-10', '2026-03-10', 1, 'week'), '2026-03-01')).toBe('2026-03-17');
  });

  test('a late completion skips what was missed', () => {
    const monthly = fixed('2026-01-10', '2026-03-10', 1, 'month');
    expect(nextDueDate(monthly, '2026-03-10')).toBe('2026-04-10');
    expect(nextDueDate(monthly, '2026-04-09')).toBe('2026-04-10');
    expect(nextDueDate(monthly, '2026-04-10')).toBe('2026-05-10');
    expect(nextDueDate(monthly, '2027-12-25')).toBe('2028-01-10');
  });

  test('ends on the last day that a date can name', () => {
    expect(nextDueDate(fixed('2026-03-07', '9026-03-07', 1000, 'year'), '2026-03-07')).toBe('9999-12-31');
    expect(nextDueDate(fixed('2026-03-07', '9999-12-31', 1000, 'year'), '2026-03-07')).toBe('9999-12-31');
    expect(nextDueDate(fixed('2026-03-07', '9999-12-31', 7, 'day'), '2026-03-07')).toBe('9999-12-31');
  });
});

describe('upcomingDates', () => {
  test('of a fixed series are what completing each on its day would open', () => {
    const walked = fc.property(anchor, interval, fc.integer({ min: 1, max: 12 }), (start, { every, unit }, count) => {
      const dates = upcomingDates(fixed(start, start, every, unit), count);
      const expected = [start];
      while (expected.length < count) {
        const open = expected.at(-1) ?? '';
        expected.push(nextDueDate(fixed(start, open, every, unit), open) ?? '');
      }
      expect(dates).toEqual(expected);
    });
    fc.assert(walked, RUNS);
  });

  test('start at the open date, also where that lies beside the series', () => {
    expect(upcomingDates(fixed('2026-01-31', '2026-02-10', 1, 'month'), 4)).toEqual([
      '2026-02-10',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ]);
    expect(upcomingDates(fixed(null, '2026-01-31', 1, 'month'), 3)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31']);
  });

  test('from_completion count from the open date, wherever the series began', () => {
    const counted = fc.property(anchor, interval, fc.option(date), (open, interval, anchor_date) => {
      const series: Series = { interval, schedule: 'from_completion', anchor_date, effective_date: open };
      const [first, second = '', third] = upcomingDates(series, 3);
      expect([first, second]).toEqual([open, nextDueDate(series, open)]);
      expect(third).toBe(firstDayAfter(second, open, interval.every, interval.unit));
    });
    fc.assert(counted, RUNS);
    const monthly: Series = { ...fixed(null, '2028-01-31', 1, 'month'), schedule: 'from_completion' };
    expect(upcomingDates(monthly, 3)).toEqual(['2028-01-31', '2028-02-29', '2028-03-31']);
  });

  test('are as many as asked for, each later than the one before', () => {
    const many = fc.property(
      date,
      interval,
      fc.constantFrom('fixed', 'from_completion'),
      fc.integer({ min: 1, max: 100 }),
      (open, { every, unit }, schedule, count) => {
        const dates = upcomingDates({ ...fixed(open, open, every, unit), schedule }, count);
        expect(dates).toHaveLength(count);
        expect(dates).toEqual([...new Set(dates)].toSorted());
      },
    );
    fc.assert(many, RUNS);
  });

  test('end with the last day that a date can name', () => {
    const rare = fixed('2026-03-07', '2026-03-07', 1000, 'year');
    expect(upcomingDates(rare, 100)).toHaveLength(9);
    expect(upcomingDates(rare, 100).slice(-2)).toEqual(['9026-03-07', '9999-12-31']);
    expect(upcomingDates({ ...rare, effective_date: '9999-12-31' }, 2)).toEqual(['9999-12-31']);
  });

  test('are one for a one-time task, none without a date', () => {
    const once: Series = { interval: null, schedule: 'fixed', anchor_date: null, effective_date: '2026-03-07' };
    expect(upcomingDates(once, 12)).toEqual(['2026-03-07']);
    expect(upcomingDates({ ...once, effective_date: null }, 12)).toEqual([]);
    expect(upcomingDates(fixed(null, null, 1, 'month'), 12)).toEqual([]);
  });
});

test('a one-time task has no next date', () => {
  const once = fc.property(
    date,
    fc.option(date),
    fc.constantFrom('fixed', 'from_completion'),
    (doneOn, due, schedule) => {
      const series: Series = { interval: null, schedule, anchor_date: due, effective_date: due };
      expect(nextDueDate(series, doneOn)).toBeNull();
    },
  );
  fc.assert(once, RUNS);
});

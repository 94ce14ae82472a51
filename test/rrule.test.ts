import fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { expect, test } from 'vitest';
import { addInterval, unitsBetween } from '../domain/dates.ts';
import { nextDueDate, type Series, upcomingDates } from '../domain/recurrence.ts';
import type { Unit } from '../domain/static-data.ts';

// `fixed` against RFC 5545, as calendars read it. SCHEDULES=100000 takes as many random schedules instead of 1,000.
const SEED = 20260307;
const THOUSANDS = Math.ceil(Number(process.env.SCHEDULES ?? 1000) / 1000);
const FORESEEN = 24;

const FREQ = { day: 'DAILY', week: 'WEEKLY', month: 'MONTHLY', year: 'YEARLY' };

/**
 * The first dates of a series by an RRULE. The days up to the anchor's, of which the last that the month has is taken, say
 * what we call clamping: `BYMONTHDAY=28,29,30,31;BYSETPOS=-1` is the 31st or else the last day of the month.
 */
function datesByRule(anchor: string, every: number, unit: Unit): string[] {
  const [, month, day] = anchor.split('-').map(Number);
  const days = [28, 29, 30, 31].filter((each) => each <= Number(day));
  const onDay = `;BYMONTHDAY=${days.length > 0 ? days : day};BYSETPOS=-1`;
  const where = { day: '', week: '', month: onDay, year: `;BYMONTH=${month}${onDay}` };
  const rule = `FREQ=${FREQ[unit]};INTERVAL=${every}${where[unit]};COUNT=${FORESEEN}`;
  const start = `DTSTART;VALUE=DATE:${anchor.replaceAll('-', '')}`;
  return new RRuleTemporal({ rruleString: `${start}\nRRULE:${rule}` })
    .all()
    .map((date) => date.toString().slice(0, 10));
}

const date = fc.integer({ min: 0, max: 30_000 }).map((days) => addInterval('2000-01-01', days, 'day'));
/** Half of them on the last days of a month, where clamping happens. */
const anchor = fc.oneof(
  date,
  fc
    .tuple(date, fc.integer({ min: 1, max: 4 }))
    .map(([day, before]) => addInterval(addInterval(`${day.slice(0, 7)}-01`, 1, 'month'), -before, 'day')),
);
const interval = fc.oneof(
  fc.record({ every: fc.integer({ min: 1, max: 1000 }), unit: fc.constant<Unit>('day') }),
  fc.record({ every: fc.integer({ min: 1, max: 200 }), unit: fc.constant<Unit>('week') }),
  fc.record({ every: fc.integer({ min: 1, max: 100 }), unit: fc.constant<Unit>('month') }),
  fc.record({ every: fc.integer({ min: 1, max: 12 }), unit: fc.constant<Unit>('year') }),
);
/** When the open occurrence is completed: about another one, or anywhere from a year before the series. */
const done = fc.oneof(
  fc.record({ near: fc.nat({ max: FORESEEN - 3 }), days: fc.integer({ min: -1, max: 1 }) }),
  fc.record({ part: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

function doneOn(when: typeof done extends fc.Arbitrary<infer T> ? T : never, dates: string[]): string {
  if ('near' in when) return addInterval(dates[when.near] ?? '', when.days, 'day');
  const earliest = addInterval(dates[0] ?? '', -1, 'year');
  const days = unitsBetween(earliest, dates[FORESEEN - 2] ?? '', 'day');
  return addInterval(earliest, Math.floor(when.part * days), 'day');
}

test.for(Array.from({ length: THOUSANDS }, (_, n) => n + 1))('a fixed series is its RRULE: thousand %i', (thousand) => {
  const isItsRule = fc.property(anchor, interval, fc.nat({ max: 20 }), done, (anchor_date, interval, open, when) => {
    const dates = datesByRule(anchor_date, interval.every, interval.unit);
    expect(dates).toHaveLength(FORESEEN);
    const effective_date = dates[open] ?? '';
    const series: Series = { interval, schedule: 'fixed', anchor_date, effective_date };
    expect(upcomingDates(series, FORESEEN - open)).toEqual(dates.slice(open));
    const completed = doneOn(when, dates);
    expect(nextDueDate(series, completed)).toBe(dates.find((each) => each > completed && each > effective_date));
  });
  fc.assert(isItsRule, { seed: SEED + thousand, numRuns: 1000 });
});

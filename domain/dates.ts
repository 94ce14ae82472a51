import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import type { Unit } from './static-data.ts';

// Temporal by its functions, and the zone's day by Intl: a third of the bytes of Temporal's classes in the Worker.

/** PostgreSQL and our wire both stop at four digits of year. */
export const LAST_DATE = '9999-12-31';

const ADD = { day: PlainDate.addDays, week: PlainDate.addWeeks, month: PlainDate.addMonths, year: PlainDate.addYears };
const DIFFERENCE = {
  day: PlainDate.diffDays,
  week: PlainDate.diffWeeks,
  month: PlainDate.diffMonths,
  year: PlainDate.diffYears,
};

const parse = (date: string): PlainDate.Record => {
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN] = date.split('-').map(Number);
  return PlainDate.create(year, month, day);
};

/** The civil date of a moment (RFC 3339) in a zone (IANA name or ±hh:mm). */
export const civilDate = (moment: string, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(moment));

/** A date `count` units later. A month or year that lacks the day ends on its last: 31 January + 1 month is 28 February. */
export function addInterval(date: string, count: number, unit: Unit): string {
  const later = ADD[unit](parse(date), count);
  return PlainDate.compare(later, parse(LAST_DATE)) > 0 ? LAST_DATE : PlainDate.toString(later);
}

/** Whole units from one date to a later one. */
export const unitsBetween = (from: string, to: string, unit: Unit): number =>
  Math.floor(DIFFERENCE[unit](parse(from), parse(to)));

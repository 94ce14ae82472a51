import * as Instant from 'temporal-polyfill/fns/Instant';
import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import * as PlainDateTime from 'temporal-polyfill/fns/PlainDateTime';
import * as ZonedDateTime from 'temporal-polyfill/fns/ZonedDateTime';
import type { Unit } from './static-data.ts';

// Temporal by its functions: half the bytes of its classes in the Worker.

/** PostgreSQL and our wire both stop at four digits of year. */
export const LAST_DATE = '9999-12-31';

const ADD = { day: PlainDate.addDays, week: PlainDate.addWeeks, month: PlainDate.addMonths, year: PlainDate.addYears };
const DIFFERENCE = {
  day: PlainDate.diffDays,
  week: PlainDate.diffWeeks,
  month: PlainDate.diffMonths,
  year: PlainDate.diffYears,
};

/** The civil date of a moment (RFC 3339) in a zone (IANA name or ±hh:mm). */
export const civilDate = (moment: string, zone: string): string => clock(moment, zone).slice(0, 10);

/** What a clock in a zone shows at a moment, as `HH:MM`. */
export const localTime = (moment: string, zone: string): string => clock(moment, zone).slice(11, 16);

const clock = (moment: string, zone: string): string =>
  ZonedDateTime.toString(Instant.toZonedDateTimeISO(Instant.fromEpochMilliseconds(Date.parse(moment)), zone));

/**
 * The first moment at which a clock in a zone shows a date and a time (`HH:MM`) or later: of a time that occurs twice the
 * first, and for one that the clock change skips the moment of the change.
 */
export function momentOf(date: string, time: string, zone: string): string {
  const { year, month, day } = parse(date);
  const wall = PlainDateTime.create(year, month, day, Number(time.slice(0, 2)), Number(time.slice(3)));
  // For a skipped time “earlier” is an hour before it: the next change is the one that skips it.
  const earlier = PlainDateTime.toZonedDateTime(wall, zone, { disambiguation: 'earlier' });
  const isSkipped = !PlainDateTime.equals(ZonedDateTime.toPlainDateTime(earlier), wall);
  const change = isSkipped ? ZonedDateTime.getTimeZoneTransition(earlier, 'next') : null;
  return new Date((change ?? earlier).epochMilliseconds).toISOString();
}

/** A date `count` units later. A month or year that lacks the day ends on its last: 31 January + 1 month is 28 February. */
export function addInterval(date: string, count: number, unit: Unit): string {
  const later = ADD[unit](parse(date), count);
  return PlainDate.compare(later, parse(LAST_DATE)) > 0 ? LAST_DATE : PlainDate.toString(later);
}

/** Whole units from one date to a later one. */
export const unitsBetween = (from: string, to: string, unit: Unit): number =>
  Math.floor(DIFFERENCE[unit](parse(from), parse(to)));

function parse(date: string): PlainDate.Record {
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN] = date.split('-').map(Number);
  return PlainDate.create(year, month, day);
}

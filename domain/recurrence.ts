import { addInterval, LAST_DATE, unitsBetween } from './dates.ts';
import type { Unit } from './static-data.ts';

/** Every so many units, or null for once. */
export type Interval = { every: number; unit: Unit } | null;

export type Series = {
  interval: Interval;
  schedule: 'from_completion' | 'fixed';
  /** Where a fixed series starts. */
  anchor_date: string | null;
  /** The occurrence that is open now. */
  effective_date: string | null;
};

/**
 * The date after a completion on `doneOn`; null for a one-time task (tasks.md, Recurrence). `from_completion` counts from
 * the day it was done: a filter changed late wears out late. `fixed` answers the first date of the series after both that
 * day and the open occurrence, so that an early completion uses the open occurrence up.
 */
export function nextDueDate(
  { interval, schedule, anchor_date, effective_date }: Series,
  doneOn: string,
): string | null {
  if (interval === null) return null;
  if (schedule === 'from_completion') return addInterval(doneOn, interval.every, interval.unit);
  const past = effective_date !== null && effective_date > doneOn ? effective_date : doneOn;
  return firstAfter(anchor_date ?? effective_date ?? doneOn, interval, past);
}

/**
 * The open occurrence and those after it, as long as none is completed: at most `count`, one for a one-time task, none
 * without a date. `from_completion` counts from the open occurrence, so that its day returns after a shorter month.
 */
export function upcomingDates({ interval, schedule, anchor_date, effective_date }: Series, count: number): string[] {
  if (effective_date === null) return [];
  const anchor = schedule === 'fixed' && anchor_date !== null ? anchor_date : effective_date;
  const dates = [effective_date];
  for (let last = effective_date; interval !== null && dates.length < count; ) {
    const next = firstAfter(anchor, interval, last);
    if (next <= last) break; // the last day that a date can name
    dates.push(next);
    last = next;
  }
  return dates;
}

/** Each date is counted from the anchor itself, so 31 January → 28 February → 31 March: the anchor's day returns. */
function firstAfter(anchor: string, { every, unit }: NonNullable<Interval>, past: string): string {
  if (anchor > past) return anchor;
  if (past >= LAST_DATE) return LAST_DATE;
  let step = Math.floor(unitsBetween(anchor, past, unit) / every);
  while (addInterval(anchor, step * every, unit) <= past) step += 1;
  return addInterval(anchor, step * every, unit);
}

import { addInterval, civilDate, localTime, momentOf } from './dates.ts';
import type { Interval } from './recurrence.ts';

/** A year's average, so that 12 months are a year. 30 days are taken for a month and 90 for a quarter, as people do. */
export const DAYS = { day: 1, week: 7, month: 365 / 12, year: 365 };
export const BEFORE = [
  { from_days: 365, stages: [30, 14, 7, 0] },
  { from_days: 90, stages: [7, 3, 0] },
  { from_days: 30, stages: [3, 0] },
  { from_days: 14, stages: [1, 0] },
  { from_days: 0, stages: [0] },
];
export const OVERDUE = [-1, -2, -3, -6, -9, -12];
export const LAST_DAY_OVERDUE = 14;
export const CATCH_UP_DAYS = 3;
/** Of a warranty, in days before its last. */
export const WARRANTY_STAGES = [30, 14, 7, 0];

type StageType = 'task_due_soon' | 'task_overdue';

/** For each type of reminder the last date on which its hour has come, by `lastDateOfHour`. */
export type HoursCome = Record<StageType, string>;

/** The stages of a task's reminders as they come: days before (+) or after (−) its effective date. */
export function stagesFor(interval: Interval): number[] {
  const days = interval === null ? 0 : interval.every * DAYS[interval.unit];
  const { stages: before = [] } = BEFORE.find(({ from_days }) => days >= from_days) ?? {};
  return [...before, ...OVERDUE];
}

export const typeOf = (stage: number): StageType => (stage < 0 ? 'task_overdue' : 'task_due_soon');

type Reminded = {
  effective_date: string;
  interval: Interval;
  today: HoursCome;
  /** As `today` was when this task was last looked at with this effective date; null if that is unknown. */
  since: HoursCome | null;
};

/**
 * The stage of a task that is to be sent now, or null. Of stages that were missed since the last look only the newest is,
 * and only if its day is today or one of the three before.
 */
export function dueStage({ effective_date, interval, today, since }: Reminded): number | null {
  const dayOf = (stage: number) => addInterval(effective_date, -stage, 'day');
  const hasComeBy = (dates: HoursCome, stage: number) => dayOf(stage) <= dates[typeOf(stage)];
  const newest = stagesFor(interval).findLast((stage) => hasComeBy(today, stage));
  if (newest === undefined || (since !== null && hasComeBy(since, newest))) return null;
  const date = today[typeOf(newest)];
  if (date > addInterval(dayOf(newest), CATCH_UP_DAYS, 'day') || date > dayOf(-LAST_DAY_OVERDUE)) return null;
  return newest;
}

/** The moment at which a local hour (0–23) of a date comes. One that the clock change skips comes at the change. */
export const momentOfHour = (date: string, hour: number, zone: string): string =>
  momentOf(date, `${String(hour).padStart(2, '0')}:00`, zone);

/** The date whose local hour has come last: today's, or yesterday's before that hour. */
export function lastDateOfHour(moment: string, hour: number, zone: string): string {
  const today = civilDate(moment, zone);
  const hasCome = Date.parse(momentOfHour(today, hour, zone)) <= Date.parse(moment);
  return hasCome ? today : addInterval(today, -1, 'day');
}

/** Whether a local time (`HH:MM`, as all three) is from the start up to the end; over midnight if the end is earlier. */
export function isQuiet(time: string, quiet_start: string | null, quiet_end: string | null): boolean {
  if (quiet_start === null || quiet_end === null) return false;
  if (quiet_start <= quiet_end) return quiet_start <= time && time < quiet_end;
  return quiet_start <= time || time < quiet_end;
}

type QuietHours = { quiet_start: string | null; quiet_end: string | null };

/** When the quiet hours end that a moment falls into, or null if it falls into none. An end that occurs twice ends them once. */
export function quietUntil(moment: string, { quiet_start, quiet_end }: QuietHours, zone: string): string | null {
  const time = localTime(moment, zone);
  if (quiet_end === null || !isQuiet(time, quiet_start, quiet_end)) return null;
  const today = civilDate(moment, zone);
  const end = momentOf(time < quiet_end ? today : addInterval(today, 1, 'day'), quiet_end, zone);
  return Date.parse(end) > Date.parse(moment) ? end : null;
}

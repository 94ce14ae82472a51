import type { Reminder } from '../../db/reminders.ts';
import { addInterval, civilDate } from '../../domain/dates.ts';
import { CATCH_UP_DAYS, quietUntil } from '../../domain/reminder.ts';
import { parseZone } from '../../domain/zone.ts';
import { PutOff } from '../fate.ts';

/** What was claimed before its reader's quiet hours and would go out in them waits until they end. */
export function putOffWhileQuiet(reminder: Reminder, now: string): void {
  const end = quietUntil(now, reminder, zoneOf(reminder));
  if (end === null) return;
  throw new PutOff(`Its reader has quiet hours until ${end}.`, Math.ceil((Date.parse(end) - Date.parse(now)) / 1000));
}

/**
 * Whether what waited too long is not to be told any more: a digest is of the day on which it was claimed, and a stage of
 * a task or a warranty is caught up with for three days.
 */
export function isTooLate(reminder: Reminder, now: string): boolean {
  const zone = zoneOf(reminder);
  const today = civilDate(now, zone);
  if (today === civilDate(reminder.claimed_at, zone)) return false;
  if (reminder.kind === 'digest') return true;
  if (reminder.kind !== 'task' && reminder.kind !== 'warranty') return false;
  const { kind, about } = reminder;
  const date = kind === 'task' ? about.effective_date : about.ends_on;
  return today > addInterval(date, CATCH_UP_DAYS - about.stage, 'day');
}

export const zoneOf = ({ zone }: Reminder): string => parseZone(zone) ?? 'UTC';

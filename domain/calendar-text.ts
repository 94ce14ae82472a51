import ical, { ICalEventTransparency } from 'ical-generator';
import type { CalendarEvent } from './calendar.ts';

const REFRESH_S = 3600;
const UNPRINTABLE = /[^\P{Cc}\t\n\r]/gu;

/** Events as iCalendar (RFC 5545): whole days that keep nobody busy. The same events are the same bytes. */
export function calendarText(name: string, events: CalendarEvent[]): string {
  const calendar = ical({
    name: clean(name),
    prodId: { company: 'honeyDue', product: 'Tasks', language: 'EN' },
    ttl: REFRESH_S,
  });
  for (const { uid, date, sequence, task } of events) {
    calendar.createEvent({
      id: uid,
      sequence,
      stamp: new Date(task.updated_at),
      start: new Date(`${date}T00:00:00Z`),
      allDay: true,
      summary: clean(task.title),
      description: clean(task.description) || null,
      location: clean(task.residence_name),
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return calendar.toString();
}

/** What iCalendar has no way to say, a title may still hold. */
const clean = (text: string): string => text.replace(UNPRINTABLE, '');

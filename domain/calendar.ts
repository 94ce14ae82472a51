import * as z from 'zod';
import { addInterval } from './dates.ts';
import { id } from './fields.ts';
import { nextDueDate } from './recurrence.ts';
import { seriesOf, type TaskState } from './task.ts';

/** How far ahead the dates of a fixed schedule are shown. */
const PREVIEW_DAYS = 90;

/** All of it may be left out. */
export const NewCalendarFeed = z
  .object({ residence_id: id().nullable().default(null).describe('Null: all your homes') })
  .prefault({})
  .meta({ id: 'NewCalendarFeed' });
export type NewCalendarFeed = z.infer<typeof NewCalendarFeed>;

export const CalendarFeed = z
  .object({
    id: z.int(),
    url: z.url().describe('For a calendar to subscribe to; whoever has it may read the tasks until it is revoked'),
    residence_id: z.int().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'CalendarFeed' });
export type CalendarFeed = z.infer<typeof CalendarFeed>;

/** A task as a calendar shows it. */
export type CalendarTask = TaskState & {
  id: number;
  title: string;
  description: string;
  residence_name: string;
  effective_date: string;
  row_version: number;
  updated_at: string;
};

export type CalendarEvent = { uid: string; date: string; sequence: number; task: CalendarTask };

/**
 * The open occurrences of active tasks, then those that fixed schedules bring until the preview's end; at most `most`. What
 * counts from a completion has no date before it. An occurrence keeps its name from one reading to the next.
 */
export function calendarEvents(tasks: CalendarTask[], today: string, most: number): CalendarEvent[] {
  const open = tasks.map((task) => ({
    uid: `task-${task.id}@honeydue.app`,
    date: task.effective_date,
    sequence: task.row_version,
    task,
  }));
  const events: CalendarEvent[] = open.slice(0, most);
  for (const task of tasks) {
    for (const date of previewsOf(task, today)) {
      if (events.length >= most) return events;
      events.push({ uid: `task-${task.id}-${date}@honeydue.app`, date, sequence: task.row_version, task });
    }
  }
  return events;
}

/** What comes after the open occurrence, if it is completed by today. */
function previewsOf(task: CalendarTask, today: string): string[] {
  const series = seriesOf(task);
  if (series.schedule !== 'fixed') return [];
  const end = addInterval(today, PREVIEW_DAYS, 'day');
  const dates: string[] = [];
  let date = nextDueDate(series, today);
  while (date !== null && date <= end) {
    dates.push(date);
    date = nextDueDate({ ...series, effective_date: date }, date);
  }
  return dates;
}

import * as z from 'zod';

export const Notification = z
  .object({
    id: z.int(),
    type: z.string(),
    title: z.string(),
    body: z.string(),
    data: z.looseObject({}).describe('What it is about: ids and dates'),
    is_read: z.boolean(),
    read_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Notification' });

export const UnreadCount = z.object({ unread_count: z.int() }).meta({ id: 'UnreadCount' });

const DUE = { ahead: 'Due', past: 'Was due' };
export const WARRANTY_ENDS: typeof DUE = { ahead: 'Warranty ends', past: 'Warranty ended' };

/** What a reminder is headed, by how many days there are until the date; fewer than none once it is past. */
export function headings(first: number, last: number, says = DUE): { days_left: number; heading: string }[] {
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  return Array.from({ length: last - first + 1 }, (_, n) => {
    const days_left = first + n;
    return { days_left, heading: `${days_left < 0 ? says.past : says.ahead} ${words.format(days_left, 'day')}` };
  });
}

/** What a notice is headed, wherever it is read. */
export const NOTICE_TITLES = {
  task_created: 'New task',
  tasks_created: 'New tasks',
  task_assigned: 'For you',
  task_completed: 'Task completed',
  member_joined: 'New member',
  residence_joined: 'Welcome',
};

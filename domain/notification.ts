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

/** What a reminder is headed, by how many days there are until the date; fewer than none once it is past. */
export function headings(first: number, last: number): { days_left: number; heading: string }[] {
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  return Array.from({ length: last - first + 1 }, (_, n) => {
    const days_left = first + n;
    return { days_left, heading: `${days_left < 0 ? 'Was due' : 'Due'} ${words.format(days_left, 'day')}` };
  });
}

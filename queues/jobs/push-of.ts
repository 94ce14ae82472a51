import type { News } from '../../db/news.ts';
import type { AddressedPush } from '../../db/pushes.ts';
import type { Reminder } from '../../db/reminders.ts';
import { addInterval, civilDate, momentOf, unitsBetween } from '../../domain/dates.ts';
import { headings, WARRANTY_ENDS } from '../../domain/notification.ts';
import { categoryFor, type Push, PushError } from '../../domain/push.ts';
import { zoneOf } from './put-off.ts';

type Said = Pick<Push, 'title' | 'body' | 'category' | 'data' | 'collapse_key' | 'thread_id'> & { lasts_days: number };

/** What is said of today, nobody wants tomorrow; news are news for longer. */
const NEWS_DAYS = 3;

/** A reminder on one device, in the words of the app's own list. */
export function pushOf({ reminder, device, unread_count }: AddressedPush, now: string): Omit<Push, 'message_key'> {
  const zone = zoneOf(reminder);
  const today = civilDate(now, zone);
  const { lasts_days, ...push } = said(reminder, today);
  const expires_at = momentOf(addInterval(today, lasts_days, 'day'), '00:00', zone);
  return { ...device, ...push, badge: unread_count, expires_at };
}

function said(reminder: Reminder, today: string): Said {
  switch (reminder.kind) {
    case 'task':
      return ofTask(reminder.about, today);
    case 'warranty':
      return ofWarranty(reminder.about, today);
    case 'digest':
      return ofDigest(reminder.about);
    case 'notice':
      return ofNews(reminder.about);
    case 'welcome':
    case 'no_residence':
    case 'no_tasks':
      throw new PushError('permanent', `A reminder of ${reminder.kind} is a mail, and no push.`);
  }
}

type About<Kind> = Extract<Reminder, { kind: Kind }>['about'];

function ofTask(about: About<'task'>, today: string): Said {
  const { type, task_id, task_title, residence_id, residence_name, effective_date, kanban_column, recurs } = about;
  const days_left = unitsBetween(today, effective_date, 'day');
  const [title] = headings(days_left, days_left).map(({ heading }) => heading);
  return {
    title: title ?? '',
    body: `${task_title} · ${residence_name}`,
    category: categoryFor(kanban_column, { recurs }),
    data: { type, task_id: `${task_id}`, residence_id: `${residence_id}`, effective_date },
    ...placesOf({ task_id, residence_id }),
    lasts_days: 1,
  };
}

function ofWarranty({ type, document_id, document_title, ends_on, ...home }: About<'warranty'>, today: string): Said {
  const days_left = unitsBetween(today, ends_on, 'day');
  const [title] = headings(days_left, days_left, WARRANTY_ENDS).map(({ heading }) => heading);
  const { residence_id, residence_name } = home;
  return {
    title: title ?? '',
    body: `${document_title} · ${residence_name}`,
    data: { type, document_id: `${document_id}`, residence_id: `${residence_id}`, ends_on },
    collapse_key: `document-${document_id}`,
    thread_id: `residence-${residence_id}`,
    lasts_days: 1,
  };
}

function ofDigest({ residences }: About<'digest'>): Said {
  const columns = residences.flatMap((residence) => residence.columns);
  const countOf = (name: string) => columns.reduce((sum, each) => sum + (each.name === name ? each.count : 0), 0);
  const [overdue, due_soon] = [countOf('overdue_tasks'), countOf('due_soon_tasks')];
  return {
    title: 'Your homes today',
    body: [overdue && `${overdue} overdue`, due_soon && `${due_soon} due soon`].filter(Boolean).join(', '),
    data: { type: 'daily_digest', overdue: `${overdue}`, due_soon: `${due_soon}` },
    collapse_key: 'daily_digest',
    lasts_days: 1,
  };
}

function ofNews({ type, title, body, data }: News): Said {
  const words = Object.entries(data).map(([name, value]) => [name, `${value}`]);
  return {
    title,
    body,
    ...(type === 'task_completed' && { category: categoryFor('completed_tasks') }),
    data: { type, ...Object.fromEntries(words) },
    ...placesOf(data),
    lasts_days: NEWS_DAYS,
  };
}

/** Whatever comes later of a task takes the place of what came before; what is of one home stands together. */
const placesOf = ({ task_id, residence_id }: { task_id?: number; residence_id: number }) => ({
  ...(task_id !== undefined && { collapse_key: `task-${task_id}` }),
  thread_id: `residence-${residence_id}`,
});

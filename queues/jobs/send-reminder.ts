import { findReminders, type Reminder } from '../../db/reminders.ts';
import { civilDate } from '../../domain/dates.ts';
import type { Event } from '../../domain/event.ts';
import type { Mail } from '../../domain/mail.ts';
import {
  dailyDigest,
  noResidence,
  noTasks,
  taskDueSoon,
  taskOverdue,
  warrantyExpiring,
  welcome,
} from '../../domain/mails/household.ts';
import type { NotificationType } from '../../domain/preferences.ts';
import { unsubscribeUrl } from '../../usecases/notifications/unsubscribe.ts';
import type { Settings } from '../../usecases/ports.ts';
import type { Job } from '../job.ts';
import { noticeLetter } from './notice-letter.ts';
import { type Posted, post, posted } from './post.ts';
import { isTooLate, putOffWhileQuiet, zoneOf } from './put-off.ts';

/** Later than that a reminder of the day says nothing true any more. */
const MAX_ATTEMPTS = 12;

/** Mails what was claimed, once: of what nobody knows whether it went, nothing is sent again. */
export const sendReminder: Job<Extract<Event, { type: 'reminder.claimed' }>, Reminder, Posted | null> = {
  policy: { max_attempts: MAX_ATTEMPTS, may_repeat_uncertain: false },
  read: findReminders,
  async act({ mail, now, settings }, reminder, { event_id }) {
    if (isTooLate(reminder, now())) return null;
    putOffWhileQuiet(reminder, now());
    const today = civilDate(now(), zoneOf(reminder));
    return await post(mail, event_id, reminder, () => letterOf(reminder, today, settings));
  },
  effects: posted,
};

async function letterOf(
  reminder: Reminder,
  today: string,
  settings: Settings,
): Promise<Omit<Mail, 'to' | 'message_key'>> {
  const app_url = settings.public_url;
  const stoppable = async (type: NotificationType) => ({
    app_url,
    unsubscribe_url: await unsubscribeUrl(settings, { user_id: reminder.user_id, type, channel: 'email' }),
  });
  switch (reminder.kind) {
    case 'task': {
      const { type, ...about } = reminder.about;
      const write = type === 'task_overdue' ? taskOverdue : taskDueSoon;
      return write({ ...about, today, ...(await stoppable(type)) });
    }
    case 'warranty':
      return warrantyExpiring({ ...reminder.about, today, ...(await stoppable('warranty_expiring')) });
    case 'digest':
      return dailyDigest({ ...reminder.about, ...(await stoppable('daily_digest')) });
    case 'welcome':
      return welcome({ first_name: reminder.first_name, app_url });
    case 'no_residence':
      return noResidence({ app_url });
    case 'no_tasks':
      return noTasks({ ...reminder.about, app_url });
    case 'notice':
      return noticeLetter(reminder.about, { zone: reminder.zone, ...(await stoppable(reminder.about.type)) });
  }
}

import type { News } from '../../db/news.ts';
import { civilDate } from '../../domain/dates.ts';
import type { Letter } from '../../domain/mail.ts';
import {
  memberJoined,
  residenceJoined,
  taskAssigned,
  taskCompleted,
  tasksAssigned,
} from '../../domain/mails/household.ts';
import { parseZone } from '../../domain/zone.ts';

type Reader = { zone: string; app_url: string; unsubscribe_url: string };

/** What somebody is written of something that others did in their home. */
export function noticeLetter(news: News, { zone, ...links }: Reader): Letter & { list_unsubscribe: string } {
  switch (news.type) {
    case 'task_assigned': {
      const { tasks, ...more } = news;
      const [first, ...rest] = tasks;
      return first && rest.length === 0
        ? taskAssigned({ ...more, ...first, ...links })
        : tasksAssigned({ ...more, task_titles: tasks.map(({ task_title }) => task_title), ...links });
    }
    case 'task_completed': {
      const completed_on = civilDate(news.completed_at, parseZone(zone) ?? 'UTC');
      return taskCompleted({ ...news, completed_on, ...links });
    }
    case 'residence_shared':
      return news.member_name === null
        ? residenceJoined({ ...news, ...links })
        : memberJoined({ ...news, member_name: news.member_name, ...links });
  }
}

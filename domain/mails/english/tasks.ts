import type { Wording } from '../letter.ts';
import { fromToday, inWords, openApp } from './phrases.ts';

export const tasks = {
  taskDueSoon: ({ task_title, residence_name, effective_date, today, app_url }: Due): Wording => ({
    subject: `Due ${fromToday(effective_date, today)}: ${task_title}`,
    heading: task_title,
    body: [
      `Due ${fromToday(effective_date, today)}, on ${inWords(effective_date)}, in “${residence_name}”.`,
      'It is done already? Complete it in the app and nobody is reminded again.',
      openApp(app_url),
    ],
  }),

  taskOverdue: ({ task_title, residence_name, effective_date, today, app_url }: Due): Wording => ({
    subject: `Overdue: ${task_title}`,
    heading: task_title,
    body: [
      `It was due ${fromToday(effective_date, today)}, on ${inWords(effective_date)}, in “${residence_name}”.`,
      'Complete it in the app, give it another date, or cancel it if it no longer matters.',
      openApp(app_url),
    ],
  }),

  taskCompleted: ({ completed_by, task_title, residence_name, completed_on, ...more }: Completed): Wording => ({
    subject: `${completed_by} completed “${task_title}”`,
    heading: 'One thing less to do',
    body: [
      `${completed_by} completed “${task_title}” in “${residence_name}” on ${inWords(completed_on)}.`,
      ...(more.notes === '' ? [] : [{ quote: more.notes }]),
      ...(more.next_due_date === null ? [] : [`It is due again on ${inWords(more.next_due_date)}.`]),
      openApp(more.app_url),
    ],
  }),

  taskAssigned: ({ assigned_by, task_title, residence_name, effective_date, app_url }: Assigned): Wording => ({
    subject: `For you: ${task_title}`,
    heading: task_title,
    body: [
      `${assigned_by} gave you this task in “${residence_name}”.`,
      effective_date === null ? 'It has no date yet.' : `It is due on ${inWords(effective_date)}.`,
      openApp(app_url),
    ],
  }),

  tasksAssigned: ({ assigned_by, task_titles, residence_name, app_url }: AssignedMany): Wording => ({
    subject: `For you: ${task_titles.length} tasks`,
    heading: `${task_titles.length} tasks for you`,
    body: [`${assigned_by} gave you these tasks in “${residence_name}”:`, { list: task_titles }, openApp(app_url)],
  }),
};

type OfTask = { task_title: string; residence_name: string; app_url: string };
type Due = OfTask & { effective_date: string; today: string };
type Completed = OfTask & { completed_by: string; completed_on: string; notes: string; next_due_date: string | null };
type Assigned = OfTask & { assigned_by: string; effective_date: string | null };
type AssignedMany = { assigned_by: string; task_titles: string[]; residence_name: string; app_url: string };

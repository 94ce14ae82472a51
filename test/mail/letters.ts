import * as account from '../../domain/mails/account.ts';
import * as household from '../../domain/mails/household.ts';

type Data = { code: string; username: string };

const DAY = { erased_on: '2026-04-06' };

/** Every mail that carries a code. */
export const withCode = ({ code }: Data) => ({
  'verify e-mail': account.verifyEmail({ code, minutes: 10 }),
  'reset password': account.resetPassword({ code, minutes: 10 }),
  'confirm new e-mail': account.confirmNewEmail({ code, minutes: 10 }),
});

/** Every mail that names an account. */
const withName = ({ username }: Data) => ({
  'e-mail changed': account.emailChanged({ username }),
  'password changed': account.passwordChanged({ username }),
  'account deleted': account.accountDeleted({ username, ...DAY }),
  'Apple linked': account.signInLinked({ username, provider: 'apple' }),
  'Google linked': account.signInLinked({ username, provider: 'google' }),
});

export const letters = (data: Data) => Object.entries({ ...withCode(data), ...withName(data) });

/** Names by people and things by people, in mails about a home. */
export type Names = { person: string; home: string; task: string };

export const NAMES: Names = { person: 'Jane', home: 'Maple Street', task: 'Change the furnace filter' };
export const TODAY = '2026-11-21';
export const STOP = 'https://api.honeydue.example/api/unsubscribe/?t=a.b&kind=x';
const APP = { app_url: 'https://honeydue.example/' };
const LINK = { url: 'https://files.example/a.pdf?X-Amz-Signature=9f&X-Amz-Expires=86400' };

/** Every mail that its reader can switch off. */
export function thatCanBeStopped({ person, home, task }: Names) {
  const of = { ...APP, residence_name: home, today: TODAY, unsubscribe_url: STOP };
  return {
    'task due soon': household.taskDueSoon({ ...of, task_title: task, effective_date: '2026-11-24' }),
    'task overdue': household.taskOverdue({ ...of, task_title: task, effective_date: '2026-11-19' }),
    'daily digest': household.dailyDigest({ ...of, residences: [aHome(home, task), aHome('Lake cabin', task)] }),
    'task completed': household.taskCompleted({
      ...of,
      task_title: task,
      completed_by: person,
      completed_on: TODAY,
      notes: `Took the wide ladder.\n${person} held it.`,
      next_due_date: '2027-02-19',
    }),
    'task assigned': household.taskAssigned({ ...of, task_title: task, assigned_by: person, effective_date: null }),
    'tasks assigned': household.tasksAssigned({ ...of, task_titles: [task, 'Clean the gutters'], assigned_by: person }),
    'member joined': household.memberJoined({ ...of, member_name: person, role: 'member' }),
    'residence joined': household.residenceJoined({ ...of, role: 'viewer' }),
    'warranty expiring': household.warrantyExpiring({
      ...of,
      document_title: task,
      provider: person,
      ends_on: '2026-12-21',
    }),
  };
}

/** Every mail that comes because of what somebody did or did not do themselves. */
export const ofThemselves = ({ person, home }: Names) => ({
  welcome: household.welcome({ ...APP, first_name: person }),
  'no residence': household.noResidence(APP),
  'no tasks': household.noTasks({ ...APP, residence_name: home }),
  'contact message': household.contactMessage({
    id: 42,
    name: person,
    email: 'jane+site@example.com',
    message: `Hello,\n\ncan ${home} have two owners?\n${person}`,
  }),
  'report ready': household.reportReady({ ...LINK, residence_name: home, ...EXPIRY }),
  'export ready': household.exportReady({ ...LINK, ...EXPIRY }),
});

const EXPIRY = { expires_at: '2026-11-22T15:04:05Z', zone: 'America/Chicago' };

export const householdLetters = (names: Names) =>
  Object.entries({ ...thatCanBeStopped(names), ...ofThemselves(names) });

/** A home as the board has it, with more tasks due soon than a mail lists. */
const aHome = (name: string, title: string) => ({
  name,
  columns: [
    { name: 'overdue_tasks' as const, count: 1, tasks: [{ title, effective_date: '2026-11-19' }] },
    {
      name: 'due_soon_tasks' as const,
      count: 13,
      tasks: Array.from({ length: 12 }, () => ({ title, effective_date: '2026-11-22' })),
    },
    { name: 'upcoming_tasks' as const, count: 1, tasks: [{ title, effective_date: null }] },
    { name: 'completed_tasks' as const, count: 0, tasks: [] },
  ],
});

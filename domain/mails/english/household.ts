import type { JoinerRole } from '../../share-code.ts';
import type { Wording } from '../letter.ts';
import { fromToday, inWords, moment, openApp } from './phrases.ts';

export const household = {
  welcome: ({ first_name, app_url }: { first_name: string; app_url: string }): Wording => ({
    subject: 'Welcome to honeyDue',
    heading: first_name === '' ? 'Welcome to honeyDue' : `Welcome, ${first_name}`,
    body: [
      'Your address is confirmed. Three steps, and your home takes care of itself:',
      {
        list: [
          'Add your home. What you tell about it decides which work we suggest.',
          'Choose tasks from the suggestions, or write your own.',
          'Invite the people you live with: everybody sees the same board.',
        ],
      },
      openApp(app_url),
    ],
  }),

  noResidence: ({ app_url }: { app_url: string }): Wording => ({
    subject: 'Your first home in honeyDue',
    heading: 'Add your first home',
    body: [
      'Your account is ready, and it has no home yet. A name is enough to begin.',
      'Somebody you live with has it in honeyDue already? Ask them for a share code and join theirs.',
      openApp(app_url),
    ],
  }),

  noTasks: ({ residence_name, app_url }: { residence_name: string; app_url: string }): Wording => ({
    subject: 'What your home needs this year',
    heading: 'Let us suggest some tasks',
    body: [
      `“${residence_name}” has no tasks yet. Filters, gutters, smoke alarms: we know what a home like yours needs, and when.`,
      'Choose what fits from the suggestions, and we remind you on the day.',
      openApp(app_url),
    ],
  }),

  memberJoined: ({ member_name, residence_name, role, app_url }: Joined & { member_name: string }): Wording => ({
    subject: `${member_name} joined “${residence_name}”`,
    heading: `${member_name} joined your home`,
    body: [
      `${member_name} is now in “${residence_name}” and ${THEY_MAY[role]}.`,
      'That is not right? The owner can take them out again, or change what they may do.',
      openApp(app_url),
    ],
  }),

  residenceJoined: ({ residence_name, role, app_url }: Joined): Wording => ({
    subject: `You joined “${residence_name}”`,
    heading: `You are in “${residence_name}”`,
    body: [`You ${YOU_MAY[role]}.`, openApp(app_url)],
  }),

  warrantyExpiring: ({ document_title, residence_name, ends_on, today, ...more }: Warranty): Wording => ({
    subject: `Warranty ends ${fromToday(ends_on, today)}: ${document_title}`,
    heading: 'A warranty is about to end',
    body: [
      `“${document_title}” in “${residence_name}” ends ${fromToday(ends_on, today)}, on ${inWords(ends_on)}.`,
      more.provider === null
        ? 'Something does not work as it should? Now is the time to say so.'
        : `Something does not work as it should? Now is the time to say so to ${more.provider}.`,
      openApp(more.app_url),
    ],
  }),

  contactMessage: ({ id, name, email, message }: Contact): Wording => ({
    subject: `Message ${id} from ${name}`,
    heading: `Message ${id}`,
    body: [
      `${name} (${email}) wrote on the site:`,
      { quote: message },
      { action: { label: 'Reply', url: `mailto:${encodeURIComponent(email)}` } },
    ],
  }),

  reportReady: ({ residence_name, url, expires_at, zone }: Ready & { residence_name: string }): Wording => ({
    subject: `Your report of “${residence_name}”`,
    heading: 'Your report is ready',
    body: [
      `It tells what was done in “${residence_name}”.`,
      { action: { label: 'Download the report', url } },
      `The link works until ${moment(expires_at, zone)}, for whoever has it. Send it on with care.`,
    ],
  }),

  exportReady: ({ url, expires_at, zone }: Ready): Wording => ({
    subject: 'Your honeyDue data',
    heading: 'Your data is ready',
    body: [
      'It holds everything that we keep about you.',
      { action: { label: 'Download your data', url } },
      `The link works until ${moment(expires_at, zone)}, for whoever has it. Send it to nobody.`,
      'You did not ask for it? Change your password in the app and reply to this mail.',
    ],
  }),
};

type Joined = { residence_name: string; role: JoinerRole; app_url: string };
type Warranty = {
  document_title: string;
  residence_name: string;
  provider: string | null;
  ends_on: string;
  today: string;
  app_url: string;
};
type Contact = { id: number; name: string; email: string; message: string };
type Ready = { url: string; expires_at: string; zone: string };

const THEY_MAY: Record<JoinerRole, string> = {
  member: 'sees and changes all that is in it',
  viewer: 'sees all that is in it, and changes nothing',
};
const YOU_MAY: Record<JoinerRole, string> = {
  member: 'see and change all that is in it',
  viewer: 'see all that is in it, and change nothing',
};

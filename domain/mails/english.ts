import { account } from './english/account.ts';
import { digest } from './english/digest.ts';
import { household } from './english/household.ts';
import { tasks } from './english/tasks.ts';

/** Every sentence of the mails; those in a folder beside it, and none anywhere else. */
export const english = {
  footers: {
    account: 'honeyDue keeps a home in shape. You get this mail because it concerns your account.',
    reminder: 'honeyDue keeps a home in shape. You get this mail because your notification settings ask for it.',
    once: 'honeyDue keeps a home in shape. You get this mail because you signed up, and only once.',
    asked: 'honeyDue keeps a home in shape. You get this mail because you asked for it in the app.',
    admin: 'You get this mail because you look after honeyDue.',
  },
  stop: 'Stop mails of this kind.',
  ...account,
  ...tasks,
  ...digest,
  ...household,
};

import {
  BellIcon,
  BriefcaseIcon,
  CheckCircleIcon,
  CreditCardIcon,
  FileIcon,
  GearIcon,
  GraphIcon,
  HomeIcon,
  type Icon,
  InboxIcon,
  KeyIcon,
  ListUnorderedIcon,
  LogIcon,
  MailIcon,
  PeopleIcon,
  PulseIcon,
  StackIcon,
  TasklistIcon,
  ToolsIcon,
  WebhookIcon,
} from '@primer/octicons-react';

type Section = { name: string; pages: { to: string; name: string; icon: Icon }[] };

/** What is in the sidebar, in the order of how often it is needed. */
export const SECTIONS: Section[] = [
  {
    name: 'honeyDue',
    pages: [
      { to: '/', name: 'Overview', icon: GraphIcon },
      { to: '/status', name: 'Status', icon: PulseIcon },
    ],
  },
  {
    name: 'People',
    pages: [
      { to: '/users', name: 'Users', icon: PeopleIcon },
      { to: '/contact-messages', name: 'Contact messages', icon: InboxIcon },
      { to: '/subscriptions', name: 'Subscriptions', icon: CreditCardIcon },
    ],
  },
  {
    name: 'Homes',
    pages: [
      { to: '/residences', name: 'Residences', icon: HomeIcon },
      { to: '/tasks', name: 'Tasks', icon: TasklistIcon },
      { to: '/completions', name: 'Completions', icon: CheckCircleIcon },
      { to: '/contractors', name: 'Contractors', icon: ToolsIcon },
      { to: '/documents', name: 'Documents', icon: FileIcon },
    ],
  },
  {
    name: 'Work',
    pages: [
      { to: '/jobs', name: 'Jobs', icon: StackIcon },
      { to: '/dead-letters', name: 'Dead letters', icon: MailIcon },
      { to: '/deliveries', name: 'Mails and pushes', icon: BellIcon },
      { to: '/webhooks', name: 'Webhooks', icon: WebhookIcon },
      { to: '/audit-log', name: 'Audit log', icon: LogIcon },
    ],
  },
  {
    name: 'Content',
    pages: [
      { to: '/templates', name: 'Templates', icon: BriefcaseIcon },
      { to: '/look-ups/task-categories', name: 'Look-ups', icon: ListUnorderedIcon },
      { to: '/contact-keys', name: 'Contact keys', icon: KeyIcon },
      { to: '/settings', name: 'Settings', icon: GearIcon },
    ],
  },
];

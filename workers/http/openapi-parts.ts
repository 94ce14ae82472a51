import type { Operation } from './operations.ts';

/** What each group of operations is about, in the document's order. */
export const TAGS: Record<string, string> = {
  auth: 'Accounts, sessions, and the ways in.',
  residences: 'Homes, their members, and sharing them.',
  tasks: 'The board, tasks, templates and suggestions.',
  'task-completions': 'What was done, when, by whom, and for how much.',
  contractors: 'Whom a family calls.',
  documents: 'Papers that must not be lost, and until when warranties hold.',
  uploads: 'Where files are put.',
  media: 'Where files are read.',
  search: 'Documents, tasks and contractors by their words.',
  notifications: 'What you are told, how, and on which phones.',
  jobs: 'Reports and exports: how far they are, and what came of them.',
  downloads: 'Where the links to reports and exports lead that are mailed.',
  unsubscribe: 'Where a mail is ended.',
  mail: 'What a carrier reports of our mails.',
  subscription: 'What a plan allows, and how it is bought.',
  changes: 'What changed since, for clients that keep a copy.',
  calendar: 'Tasks in a calendar of your own.',
  admin: 'The dashboard of those who run honeyDue.',
  static_data: 'The look-ups that rarely change.',
  contact: 'What anybody may write to us.',
  health: 'Whether it runs.',
  openapi: 'This document.',
};

const text = (description: string, example: string) => ({
  description,
  schema: { type: 'string', maxLength: 500 },
  example,
});

export const headers = {
  RequestId: text(
    'Names this request in our logs; send yours as X-Request-Id.',
    '5b93f988-c3b6-46c8-a591-cf96bf625b91',
  ),
  RateLimitPolicy: text('What is allowed in how many seconds.', '"token";q=300;w=60'),
  RateLimit: text('Where you stand, for what is counted exactly.', '"login";r=9;t=60'),
  ETag: text("The answer's validator, for If-None-Match and If-Match.", '"7.2c26b46b68ffc68f"'),
  RetryAfter: text('In how many seconds to come back.', '60'),
};

export const parameters = {
  Timezone: {
    name: 'X-Timezone',
    in: 'header',
    description: 'The zone that “today” is meant in: an IANA name, or ±hh:mm. Else the profile’s, else UTC.',
    schema: { type: 'string', maxLength: 64 },
    example: 'America/Chicago',
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'The same key with the same request is done once and answered alike, for seven days.',
    schema: { type: 'string', maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
    example: 'b7c0a1d2-9f0e-4a52-8f0b-0f7f4b0f6a11',
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'Do it only if the resource is still as this ETag says; else 412 with the current one.',
    schema: { type: 'string', maxLength: 500 },
    example: '"7.2c26b46b68ffc68f"',
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'Answer 304 and no body if the answer still has this ETag.',
    schema: { type: 'string', maxLength: 500 },
    example: '"2c26b46b68ffc68f"',
  },
};

const ref = (name: keyof typeof headers) => ({ $ref: `#/components/headers/${name}` });

/** The headers of an answer. */
export const headersOf = (isPublic: boolean, hasTag: boolean, status = 200) => ({
  'X-Request-Id': ref('RequestId'),
  'RateLimit-Policy': ref('RateLimitPolicy'),
  RateLimit: ref('RateLimit'),
  ...(hasTag && { ETag: ref('ETag') }),
  ...([429, 503].includes(status) && { 'Retry-After': ref('RetryAfter') }),
  ...(status === 401 && !isPublic && { 'WWW-Authenticate': text('How to sign in.', 'Token') }),
});

/** What every operation of its kind has in common. */
const WHO = {
  public: 'Anyone may ask.',
  members: 'For signed-in users; what is not yours does not exist (404).',
  admins: 'For those who run honeyDue; support reads.',
};

export function described({ method, door, doc }: Operation): string {
  const who = WHO[door];
  const how =
    method === 'GET'
      ? 'A read.'
      : door === 'admins'
        ? 'A write: whole or not at all, and audited.'
        : 'A write: whole or not at all, and with an Idempotency-Key done once however often it is sent.';
  return `${doc.summary}. ${who} ${door === 'public' ? '' : how}`.trim();
}

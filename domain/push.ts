import * as z from 'zod';
import type { ColumnName } from './board.ts';

export const PushPlatform = z.enum(['ios', 'android']);
export type PushPlatform = z.infer<typeof PushPlatform>;

/** Which of Apple's two services knows the token: a build from Xcode has another one than a build from the store. */
export const PushEnvironment = z.enum(['sandbox', 'production']);
export type PushEnvironment = z.infer<typeof PushEnvironment>;

/** One notification on one device, whoever carries it. */
export type Push = {
  platform: PushPlatform;
  token: string;
  environment: PushEnvironment;
  title: string;
  /** Cut at its end if all of it is too long. */
  body: string;
  category?: PushCategory;
  /** For the app alone, at the payload's top level. */
  data: Record<string, string>;
  /** A later push with the same one takes the place of an earlier one on the device; none: only a second copy does. */
  collapse_key?: string;
  /** The same for every try of one push, so that a second copy can be told. */
  message_key: string;
  badge?: number;
  /** What is shown together, a residence for instance. */
  thread_id?: string;
  /** After this moment nobody wants it any more. None: after four weeks. */
  expires_at?: string;
};

type PushResult = { message_id: string };

/** Hands a push over, in one try. Rejects with a `PushError`; anything else is a bug. */
export type SendPush = (push: Push, traceparent?: string) => Promise<PushResult>;

/**
 * `temporary`: it did not go and may go later. `permanent`: this push will never be taken. `uncertain`: it was handed
 * over and no answer came; a second try may ring twice, and takes the first one's place. `gone`: the token is nobody's.
 */
export type PushErrorKind = 'temporary' | 'permanent' | 'uncertain' | 'gone';

type More = { retry_after_s?: number | null; gone_since?: string | null; cause?: unknown };

/** Jobs switch on its kind. No request is ever answered with it, which is why it has no `ErrorCode`. */
export class PushError extends Error {
  readonly kind: PushErrorKind;
  /** How long the carrier wants to be left alone. */
  readonly retry_after_s: number | null;
  /** Of a token that is gone, always: a registration after this moment stands. */
  readonly gone_since: string | null;
  constructor(kind: PushErrorKind, message: string, { retry_after_s, gone_since, cause }: More = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PushError';
    this.kind = kind;
    this.retry_after_s = retry_after_s ?? null;
    this.gone_since = gone_since ?? null;
  }
}

/** What a button under a push does. The tap on the push itself opens its task. */
export type PushAction = 'complete' | 'mark_in_progress' | 'skip' | 'uncancel';

/** The buttons by category. The iOS app registers the same categories when it starts; Android is told with each push. */
export const PUSH_CATEGORIES = {
  task_due: ['complete', 'mark_in_progress'],
  task_due_recurring: ['complete', 'skip', 'mark_in_progress'],
  task_in_progress: ['complete'],
  task_completed: [],
  task_cancelled: ['uncancel'],
} satisfies Record<string, PushAction[]>;
export type PushCategory = keyof typeof PUSH_CATEGORIES;

/** What can be done with a task from the lock screen. Only a recurring one can be skipped. */
export function categoryFor(column: ColumnName, { recurs = false } = {}): PushCategory {
  switch (column) {
    case 'overdue_tasks':
    case 'due_soon_tasks':
    case 'upcoming_tasks':
      return recurs ? 'task_due_recurring' : 'task_due';
    case 'in_progress_tasks':
      return 'task_in_progress';
    case 'completed_tasks':
      return 'task_completed';
    case 'cancelled_tasks':
      return 'task_cancelled';
  }
}

/** As long as any carrier keeps a push for a device that is off. */
const LONGEST_LIFE_S = 28 * 24 * 3600;

/** How long a push is still worth something, in whole seconds. */
export function lifeOf({ expires_at }: Push, now: string): number {
  const life_s = expires_at ? Math.ceil((Date.parse(expires_at) - Date.parse(now)) / 1000) : LONGEST_LIFE_S;
  if (!(life_s > 0)) throw new PushError('permanent', `It is no use any more since ${expires_at}.`);
  return Math.min(life_s, LONGEST_LIFE_S);
}

/** Of a payload as JSON, with both carriers. */
const MAX_PAYLOAD_BYTES = 4096;

/** The push with its body cut between two characters as people count them, so that the payload is not too long. */
export function fitted(push: Push, payloadOf: (push: Push) => object): Push {
  const roomWith = (body: string) => MAX_PAYLOAD_BYTES - jsonBytes(payloadOf({ ...push, body }));
  if (roomWith(push.body) >= 0) return push;
  let room = roomWith('…');
  if (room < 0) throw new PushError('permanent', 'It is too long even without its body.');
  let body = '';
  for (const { segment } of new Intl.Segmenter().segment(push.body)) {
    room -= jsonBytes(segment) - QUOTES;
    if (room < 0) break;
    body += segment;
  }
  return { ...push, body: `${body.trimEnd()}…` };
}

const QUOTES = 2;
const jsonBytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

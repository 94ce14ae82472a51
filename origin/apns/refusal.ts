import * as z from 'zod';
import { jsonText } from '../../adapters/json-text.ts';
import { PushError } from '../../domain/push.ts';
import type { Answer } from './exchange.ts';

/** The token is nobody's, or was never one of this environment. */
const OF_THE_TOKEN = new Set(['BadDeviceToken', 'ExpiredToken', 'Unregistered']);
/** Our settings' fault and not the push's: it goes when the operator has mended them. */
const OF_THE_ACCOUNT = new Set(['BadTopic', 'MissingTopic', 'TopicDisallowed', 'IdleTimeout']);
/** A connection whose tokens were renewed too often takes none until the last is old enough for a new one. */
const TOKEN_RETRY_S = 20 * 60;

/** What Apple says when it does not take a push, and what that means for it. */
export function apnsRefusal({ status, retry_after, text }: Answer, asked_at: string): PushError {
  const { reason = '', timestamp } = Problem.parse(text);
  const sentence = `APNs answered ${status} ${reason}`.trim().slice(0, 200);
  if (status === 410 || OF_THE_TOKEN.has(reason)) {
    const gone_since = timestamp === undefined ? asked_at : new Date(timestamp).toISOString();
    return new PushError('gone', sentence, { gone_since });
  }
  if ((status === 400 || status === 413) && !OF_THE_ACCOUNT.has(reason)) return new PushError('permanent', sentence);
  return new PushError('temporary', sentence, { retry_after_s: pauseOf(reason, retry_after) });
}

export const isTokenExpired = ({ status, text }: Answer): boolean =>
  status === 403 && Problem.parse(text).reason === 'ExpiredProviderToken';

function pauseOf(reason: string, retry_after: string | null): number | null {
  if (/^\d{1,6}$/.test(retry_after ?? '')) return Number(retry_after);
  return reason === 'TooManyProviderTokenUpdates' ? TOKEN_RETRY_S : null;
}

/** `timestamp`: since when the token is nobody's, in milliseconds. */
const Problem = jsonText
  .pipe(z.object({ reason: z.string(), timestamp: z.int().nonnegative().max(8.64e15) }).partial())
  .catch({});

import * as z from 'zod';
import { PushError } from '../domain/push.ts';
import { jsonText } from './json-text.ts';

/** For a quota that says nothing of its own: Firebase counts by the minute. */
const QUOTA_RETRY_S = 60;
/** What a gateway says that handed the request on and heard nothing; those above 511 are Cloudflare's. */
const UNHEARD = new Set([504, 520, 524]);

type Refused = { status: number; headers: Headers; text: string };

/** What Firebase says when it does not take a push, and what that means for it. */
export function fcmRefusal({ status, headers, text }: Refused, asked_at: string): PushError {
  const error = Answer.parse(text).error;
  const details = error?.details ?? [];
  const code = details.find(({ errorCode }) => errorCode)?.errorCode ?? error?.status ?? '';
  const fields = details.flatMap(({ fieldViolations }) => fieldViolations ?? []).map(({ field }) => field);
  // Its sentences quote values; codes and names of fields do not.
  const sentence = ['FCM answered', status, code, ...fields].join(' ').trim().slice(0, 200);

  const isBadToken = code === 'INVALID_ARGUMENT' && (fields.includes('message.token') || isOfToken(error?.message));
  if (code === 'UNREGISTERED' || isBadToken) return new PushError('gone', sentence, { gone_since: asked_at });
  // The token is of another Firebase project: the device's fault, or ours.
  if (status === 400 || code === 'SENDER_ID_MISMATCH') return new PushError('permanent', sentence);
  if (UNHEARD.has(status)) return new PushError('uncertain', sentence);
  return new PushError('temporary', sentence, { retry_after_s: pauseOf(status, headers) });
}

/** A token that is none is told apart from other wrong arguments by this sentence, if no field is named. */
const isOfToken = (message = ''): boolean => /registration token is not a valid/i.test(message);

function pauseOf(status: number, headers: Headers): number | null {
  const wanted = headers.get('retry-after') ?? '';
  if (/^\d{1,6}$/.test(wanted)) return Number(wanted);
  return status === 429 ? QUOTA_RETRY_S : null;
}

const Detail = z.object({
  errorCode: z.string().optional(),
  fieldViolations: z.array(z.object({ field: z.string() })).optional(),
});
const Problem = z.object({ status: z.string(), message: z.string(), details: z.array(Detail) }).partial();

/** Firebase answers in JSON, what stands before it in whatever it likes. */
const Answer = jsonText.pipe(z.object({ error: Problem.optional() })).catch({});

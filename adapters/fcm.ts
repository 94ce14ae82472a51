import * as z from 'zod';
import { fitted, lifeOf, PUSH_CATEGORIES, type Push, PushError, type SendPush } from '../domain/push.ts';
import type { ServiceAccount } from '../domain/service-account.ts';
import { exchange } from './exchange.ts';
import { fcmRefusal } from './fcm-refusal.ts';
import { type AskForToken, accessToken, forgetToken } from './google-access.ts';
import { jsonText } from './json-text.ts';
import { lossOf } from './lost.ts';

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const MAX_ANSWER_BYTES = 64 * 1024;

export type FcmOptions = {
  project_id: string;
  service_account: ServiceAccount;
  /** `https://fcm.googleapis.com` */
  api_url: string;
  /** For each exchange: the token's, if there is none yet, and the push's own. */
  deadline_ms: number;
  now(): string;
};

/** Firebase Cloud Messaging by its API v1. One try for each call: the outbox owns the retries. */
export function fcmPush(options: FcmOptions): SendPush {
  const { project_id, service_account, api_url, deadline_ms, now } = options;
  const url = `${api_url}/v1/projects/${project_id}/messages:send`;
  const limits = { deadline_ms, max_bytes: MAX_ANSWER_BYTES };
  const post = async (body: string, traceparent: string | undefined) => {
    const token = await accessToken(service_account, SCOPE, now(), askWithin(limits));
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(traceparent && { traceparent }),
    };
    return await exchange(url, { method: 'POST', headers, body }, limits).catch(onLoss);
  };
  return async (push, traceparent) => {
    const asked_at = now();
    const body = JSON.stringify({ message: toMessage(push, asked_at) });
    let answer = await post(body, traceparent);
    if (answer.status === 401) {
      // Nothing went: the token was not taken any longer.
      forgetToken(service_account, SCOPE);
      answer = await post(body, traceparent);
    }
    if (answer.status !== 200) throw fcmRefusal(answer, asked_at);
    const { data: sent } = Sent.safeParse(answer.text);
    if (!sent) throw new PushError('uncertain', 'FCM took the push and named no id.');
    return { message_id: sent.name };
  };
}

const Sent = jsonText.pipe(z.object({ name: z.string().min(1) }));

/**
 * Data alone, from which the app makes the notification: one that Firebase shows has no buttons, and of several only
 * the last reaches a phone that was off. For the same reason no `collapse_key`: of these Firebase keeps four.
 */
function toMessage(push: Push, now: string) {
  const ttl = `${lifeOf(push, now)}s`;
  return { token: push.token, data: toData(fitted(push, toData)), android: { priority: 'HIGH', ttl } };
}

function toData(push: Push): Record<string, string> {
  const { title, body, category, data, collapse_key, message_key, badge, thread_id } = push;
  return {
    ...data,
    title,
    body,
    message_key,
    /** Android shows one notification for each. */
    tag: collapse_key ?? message_key,
    ...(category && { category, actions: PUSH_CATEGORIES[category].join(',') }),
    ...(thread_id && { thread_id }),
    ...(badge !== undefined && { badge: String(badge) }),
  };
}

/** No push was sent while there is no token, whatever went wrong. */
const askWithin =
  (limits: Parameters<typeof exchange>[2]): AskForToken =>
  async (url, init, answer) => {
    const { status, text } = await exchange(url, init, limits).catch((cause) => {
      throw new PushError('temporary', `No access token: ${lossOf(cause).reason}`, { cause });
    });
    const { success, data } = jsonText.pipe(answer).safeParse(text);
    if (status !== 200 || !success) throw new PushError('temporary', `No access token: Google answered ${status}.`);
    return data;
  };

function onLoss(cause: unknown): never {
  const { reason, isUnsent } = lossOf(cause);
  throw new PushError(isUnsent ? 'temporary' : 'uncertain', `FCM was not heard: ${reason}`, { cause });
}

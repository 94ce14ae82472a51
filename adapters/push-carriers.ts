import * as z from 'zod';
import { PushError, type PushPlatform, type SendPush } from '../domain/push.ts';
import { ServiceAccount } from '../domain/service-account.ts';
import type { Log } from '../usecases/ports.ts';
import { fcmPush } from './fcm.ts';
import { jsonText } from './json-text.ts';

const PUSH_DEADLINE_MS = 10_000;
const ELSEWHERE_RETRY_S = 60;

const Firebase = z.object({
  /** The JSON file of the account, as it is. */
  FCM_SERVICE_ACCOUNT: jsonText.pipe(ServiceAccount.extend({ project_id: z.string().min(1) })),
  FCM_API_URL: z.preprocess((value) => value || undefined, z.url().default('https://fcm.googleapis.com')),
});

export const pushBy =
  (carriers: Record<PushPlatform, SendPush>): SendPush =>
  (push, traceparent) =>
    carriers[push.platform](push, traceparent);

export function fcmFrom(env: Record<string, unknown>, log: Log, now: () => string): SendPush {
  if (!env.FCM_SERVICE_ACCOUNT) return notSetUp('android', 'FCM_SERVICE_ACCOUNT', log);
  const { FCM_SERVICE_ACCOUNT, FCM_API_URL } = Firebase.parse(env);
  const { project_id, ...service_account } = FCM_SERVICE_ACCOUNT;
  return fcmPush({ project_id, service_account, api_url: FCM_API_URL, deadline_ms: PUSH_DEADLINE_MS, now });
}

/** Refuses every push; the log says once why. */
export function notSetUp(platform: PushPlatform, missing: string, log: Log): SendPush {
  const reason = `No carrier of ${platform} pushes is set up: there is no ${missing}.`;
  log('push.not_set_up', { platform, missing });
  return async () => {
    throw new PushError('permanent', reason);
  };
}

/** For where no line to Apple can be opened. No such push is handed out there; if one is, it waits for the origin. */
export const atTheOrigin: SendPush = async () => {
  throw new PushError('temporary', 'Pushes to iPhones leave from the origin alone.', {
    retry_after_s: ELSEWHERE_RETRY_S,
  });
};

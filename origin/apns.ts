import { type PushEnvironment, PushError, type SendPush } from '../domain/push.ts';
import type { Answer } from './apns/exchange.ts';
import { Lost } from './apns/lost.ts';
import { toNotification } from './apns/notification.ts';
import { apnsRefusal, isTokenExpired } from './apns/refusal.ts';
import { keepSession } from './apns/session.ts';
import { type ProviderKey, providerToken } from './apns/token.ts';

export type ApnsOptions = ProviderKey & {
  /** The app's bundle id. */
  topic: string;
  urls: Record<PushEnvironment, string>;
  /** For opening a connection, and for each exchange on it. */
  deadline_ms: number;
  now(): string;
};

export type Apns = { send: SendPush; close(): Promise<void> };

/**
 * Apple's push service. HTTP/2 is all it speaks, and workerd does not; of the libraries none says whether a push that
 * failed was sent, and each tries again by itself. One try for each call: the outbox owns the retries.
 */
export function apnsPush(options: ApnsOptions): Apns {
  const { topic, urls, deadline_ms, now } = options;
  const token = providerToken(options);
  const sessions = {
    production: keepSession(urls.production, deadline_ms),
    sandbox: keepSession(urls.sandbox, deadline_ms),
  };
  return {
    async send(push, traceparent) {
      const asked_at = now();
      const { apns_id, headers, body } = toNotification(push, topic, asked_at);
      const post = (token: string): Promise<Answer> =>
        sessions[push.environment]
          .post({ ...headers, authorization: `bearer ${token}`, ...(traceparent && { traceparent }) }, body)
          .catch(onLoss);
      const first = await token.current(asked_at);
      let answer = await post(first);
      if (isTokenExpired(answer)) {
        // Nothing went; with another token it may.
        const second = await token.instead(first, now());
        if (second !== null) answer = await post(second);
      }
      if (answer.status !== 200) throw apnsRefusal(answer, asked_at);
      return { message_id: answer.apns_id ?? apns_id };
    },
    async close() {
      await Promise.all([sessions.production.close(), sessions.sandbox.close()]);
    },
  };
}

function onLoss(error: unknown): never {
  if (!(error instanceof Lost)) throw error;
  const kind = error.isUnprocessed ? 'temporary' : 'uncertain';
  throw new PushError(kind, `APNs was not heard: ${error.message}`, { cause: error });
}

import * as z from 'zod';
import type { PlayStore } from '../../domain/billing.ts';
import { AppError } from '../../domain/errors.ts';
import type { ServiceAccount } from '../../domain/service-account.ts';
import { accessToken, forgetToken } from '../google-access.ts';
import { askStore, StoreError, storeUnavailable } from './ask-store.ts';
import { type PushSender, verifyPush } from './google-push.ts';
import { Subscription, toPurchase } from './google-subscription.ts';
import { onRefused } from './refused.ts';

const SCOPE = 'https://www.googleapis.com/auth/androidpublisher';
const MAX_TOKEN_CHARS = 2048;
/** A token that is none, that nobody knows, or whose subscription ended more than 60 days ago. */
const NO_SUCH_PURCHASE = [400, 404, 410];

export type PlayStoreOptions = {
  package_name: string;
  service_account: ServiceAccount;
  /** `https://androidpublisher.googleapis.com` */
  api_url: string;
  sender: PushSender;
};

/** Google Play: what it pushes only says where to look, what counts is read. */
export function playStore(options: PlayStoreOptions): PlayStore {
  const { package_name, api_url } = options;
  const purchases = `${api_url}/androidpublisher/v3/applications/${encodeURIComponent(package_name)}/purchases`;
  return {
    verifyNotification: (authorization, body, now) =>
      verifyPush(options, authorization, body, now).catch(
        onRefused('invalid_signature', 'This is not a notification for us.'),
      ),
    async readPurchase(token, now) {
      if (token === '' || token.length > MAX_TOKEN_CHARS) return null;
      const url = `${purchases}/subscriptionsv2/tokens/${encodeURIComponent(token)}`;
      const found = await asAccount(options, now, (headers) =>
        askStore({ url, init: { headers }, answer: Subscription, unknown: NO_SUCH_PURCHASE }),
      );
      return found && toPurchase(token, found, now);
    },
    async acknowledge({ product_id, transaction_id }, now) {
      const [product, token] = [product_id, transaction_id].map(encodeURIComponent);
      const url = `${purchases}/subscriptions/${product}/tokens/${token}:acknowledge`;
      await asAccount(options, now, (headers) =>
        askStore({ url, init: { method: 'POST', headers, body: '{}' }, answer: z.unknown() }),
      );
    },
  };
}

type Headers = Record<string, string>;

/** With the kept access token; once more with a new one if Google does not take that any longer. */
async function asAccount<T>(
  { service_account }: PlayStoreOptions,
  now: string,
  ask: (headers: Headers) => Promise<T>,
): Promise<T> {
  const headers = async (): Promise<Headers> => {
    const token = await accessToken(service_account, SCOPE, now, askForToken);
    return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  };
  try {
    return await ask(await headers());
  } catch (error) {
    if (!(error instanceof AppError && error.cause instanceof StoreError && error.cause.status === 401)) throw error;
    forgetToken(service_account, SCOPE);
    return await ask(await headers());
  }
}

async function askForToken<T>(url: string, init: RequestInit, answer: z.ZodType<T>): Promise<T> {
  const token = await askStore({ url, init, answer });
  if (token === null) throw storeUnavailable(new Error(`${url} answered nothing.`));
  return token;
}

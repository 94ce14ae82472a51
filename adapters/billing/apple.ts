import * as z from 'zod';
import type { AppStore, BillingEvent, Purchase, StoreEnvironment } from '../../domain/billing.ts';
import { jsonText } from '../json-text.ts';
import { type ServerApi, serverApi } from './apple-api.ts';
import { verifyAppleJws } from './apple-jws.ts';
import {
  type App,
  environmentOf,
  moment,
  Notification,
  RenewalInfo,
  Transaction,
  toPurchase,
} from './apple-payloads.ts';
import { storeUnavailable } from './ask-store.ts';
import { onRefused, Refused } from './refused.ts';

/** Apple gives up 157 hours after an event; what comes later was replayed. */
const NOTIFICATION_MAX_AGE_MS = 7 * 24 * 3600 * 1000;

export type AppStoreOptions = {
  bundle_id: string;
  /** The app's number in the store; checked in production, if given. */
  app_apple_id: number | null;
  /** Whose purchases count. Apple's reviewers buy in the sandbox of the released app. */
  environments: readonly StoreEnvironment[];
  /** PEM. */
  roots: readonly string[];
  /** A key of the App Store Server API; without one nothing is read from there. */
  api: ServerApi | null;
};

/** The App Store. Whatever it signs is verified here, offline, whichever way it came. */
export function appStore(options: AppStoreOptions): AppStore {
  const { api } = options;
  return {
    verifyTransaction: (jws, now) =>
      verifiedPurchase(options, jws, undefined, now).catch(
        onRefused('purchase_invalid', 'This purchase cannot be verified.'),
      ),
    verifyNotification: (body, now) =>
      verifiedEvent(options, body, now).catch(onRefused('invalid_signature', 'This is not a notification for us.')),
    ...(api && {
      readPurchase: async (transaction_id: string, environment: StoreEnvironment, now: string) => {
        const found = await serverApi(api, options.bundle_id).find(transaction_id, environment, now);
        if (!found) return null;
        return await verifiedPurchase(options, found.signedTransactionInfo, found.signedRenewalInfo, now).catch(
          (error) => {
            throw error instanceof Refused ? storeUnavailable(error) : error;
          },
        );
      },
    }),
  };
}

async function verifiedPurchase(
  options: AppStoreOptions,
  signedTransaction: string,
  signedRenewal: string | undefined,
  now: string,
): Promise<Purchase> {
  const { roots } = options;
  const transaction = await verifyAppleJws(signedTransaction, Transaction, roots, now);
  checkApp(options, transaction);
  if (signedRenewal === undefined) return toPurchase(transaction, null, now);
  const renewal = await verifyAppleJws(signedRenewal, RenewalInfo, roots, now);
  const belongs =
    renewal.originalTransactionId === transaction.originalTransactionId &&
    renewal.environment === transaction.environment;
  if (!belongs) throw new Refused('The renewal is of another transaction.');
  return toPurchase(transaction, renewal, now);
}

const Body = jsonText.pipe(z.object({ signedPayload: z.string() }));

async function verifiedEvent(options: AppStoreOptions, body: Uint8Array, now: string): Promise<BillingEvent> {
  const { success, data: sent } = Body.safeParse(new TextDecoder().decode(body));
  if (!success) throw new Refused('There is no signedPayload.');
  const notification = await verifyAppleJws(sent.signedPayload, Notification, options.roots, now);
  const { notificationType, subtype, notificationUUID, signedDate, data, summary, appData } = notification;
  if (signedDate < Date.parse(now) - NOTIFICATION_MAX_AGE_MS) throw new Refused('It is too old.');
  const app = data ?? summary ?? appData;
  if (!app) throw new Refused('It names no app.');
  checkApp(options, app);
  const { signedTransactionInfo, signedRenewalInfo } = data ?? {};
  const purchase = signedTransactionInfo
    ? await verifiedPurchase(options, signedTransactionInfo, signedRenewalInfo, now)
    : null;
  return {
    provider: 'apple',
    event_id: notificationUUID,
    type: subtype ? `${notificationType}.${subtype}` : notificationType,
    transaction_id: purchase?.transaction_id ?? null,
    environment: environmentOf(app.environment),
    occurred_at: moment(signedDate),
    purchase,
  };
}

function checkApp({ bundle_id, app_apple_id, environments }: AppStoreOptions, app: App): void {
  if (app.bundleId !== bundle_id) throw new Refused('It is of another app.');
  if (!environments.includes(environmentOf(app.environment))) throw new Refused('It is of another environment.');
  const isOther = app.appAppleId !== undefined && app_apple_id !== null && app.appAppleId !== app_apple_id;
  if (isOther) throw new Refused('It is of another app.');
}

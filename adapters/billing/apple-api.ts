import { importPKCS8, SignJWT } from 'jose';
import type * as z from 'zod';
import type { StoreEnvironment } from '../../domain/billing.ts';
import { StatusAnswer, TransactionAnswer } from './apple-payloads.ts';
import { askStore } from './ask-store.ts';

const TOKEN_LIFE_S = 300;
const NO_SUCH_TRANSACTION = [404];

/** A key made under Users and Access › Integrations › In-App Purchase, and where the API is. */
export type ServerApi = {
  issuer_id: string;
  key_id: string;
  /** PEM, PKCS #8: the .p8 file. */
  private_key: string;
  urls: Record<StoreEnvironment, string>;
};

export const APP_STORE_URLS: ServerApi['urls'] = {
  production: 'https://api.storekit.apple.com',
  sandbox: 'https://api.storekit-sandbox.apple.com',
};

type Found = { signedTransactionInfo: string; signedRenewalInfo?: string };

/** App Store Server API: how a purchase stands now, still signed. */
export function serverApi(api: ServerApi, bundle_id: string) {
  return {
    async find(transaction_id: string, environment: StoreEnvironment, now: string): Promise<Found | null> {
      if (!/^\d{1,64}$/.test(transaction_id)) return null;
      const token = await bearer(api, bundle_id, now);
      const get = <T>(path: string, answer: z.ZodType<T>) =>
        askStore({
          url: `${api.urls[environment]}/inApps/v1/${path}/${transaction_id}`,
          init: { headers: { authorization: `Bearer ${token}`, accept: 'application/json' } },
          answer,
          unknown: NO_SUCH_TRANSACTION,
        });
      // It answers for all of the customer's subscriptions in the app.
      const statuses = await get('subscriptions', StatusAnswer);
      const all = statuses?.data.flatMap(({ lastTransactions }) => lastTransactions) ?? [];
      const found = all.find(({ originalTransactionId }) => originalTransactionId === transaction_id);
      return found ?? (await get('transactions', TransactionAnswer));
    },
  };
}

async function bearer({ issuer_id, key_id, private_key }: ServerApi, bundle_id: string, now: string): Promise<string> {
  const issued_s = Math.floor(Date.parse(now) / 1000);
  return await new SignJWT({ bid: bundle_id })
    .setProtectedHeader({ alg: 'ES256', kid: key_id, typ: 'JWT' })
    .setIssuer(issuer_id)
    .setAudience('appstoreconnect-v1')
    .setIssuedAt(issued_s)
    .setExpirationTime(issued_s + TOKEN_LIFE_S)
    .sign(await importPKCS8(private_key, 'ES256'));
}

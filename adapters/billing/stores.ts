import * as z from 'zod';
import { StoreEnvironment, type Stores } from '../../domain/billing.ts';
import { baseUrl, pem, someWords, words } from '../../domain/environment.ts';
import { ServiceAccount } from '../../domain/service-account.ts';
import { jsonText } from '../json-text.ts';
import { appStore } from './apple.ts';
import { APP_STORE_URLS, type ServerApi } from './apple-api.ts';
import { APPLE_ROOT_CA_G3 } from './apple-root.ts';
import { playStore } from './google.ts';
import { stripe } from './stripe.ts';

/** As Google's push service may call itself. */
const GOOGLE_ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];

const Apple = z.object({
  APPLE_BUNDLE_ID: z.string(),
  APPLE_APP_ID: z.coerce.number().int().positive().optional(),
  /** With `sandbox`, purchases of Apple's reviewers and of our testers count as well. */
  APPLE_ENVIRONMENTS: words.prefault('production').pipe(z.array(StoreEnvironment)),
  /** For tests: in place of Apple's own. */
  APPLE_ROOTS: pem.optional(),
});
const AppleKey = z.object({
  APPLE_API_ISSUER_ID: z.string(),
  APPLE_API_KEY_ID: z.string(),
  APPLE_API_PRIVATE_KEY: pem,
});

const Google = z.object({
  GOOGLE_PACKAGE_NAME: z.string(),
  /** The JSON file of the account, as it is. */
  GOOGLE_SERVICE_ACCOUNT: jsonText.pipe(ServiceAccount),
  GOOGLE_PUSH_AUDIENCE: z.string(),
  GOOGLE_PUSH_EMAIL: z.email(),
  GOOGLE_JWKS_URL: z.url().default('https://www.googleapis.com/oauth2/v3/certs'),
  PLAY_API_URL: baseUrl.default('https://androidpublisher.googleapis.com'),
});

const StripeAccount = z.object({
  STRIPE_SECRET_KEY: z.string(),
  /** Two while one is rotated. */
  STRIPE_WEBHOOK_SECRETS: someWords,
  STRIPE_PRICE_IDS: someWords,
  STRIPE_API_URL: baseUrl.default('https://api.stripe.com'),
});

type Environment = Record<string, unknown>;

/** The stores that the environment tells of. One that it tells of by halves is an error, and not a store less. */
export function storesFrom(given: Environment): Stores {
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  return {
    apple: env.APPLE_BUNDLE_ID ? appleFrom(env) : null,
    google: env.GOOGLE_PACKAGE_NAME ? googleFrom(env) : null,
    stripe: env.STRIPE_SECRET_KEY ? stripeFrom(env) : null,
  };
}

function appleFrom(env: Environment): Stores['apple'] {
  const { APPLE_BUNDLE_ID, APPLE_APP_ID, APPLE_ENVIRONMENTS, APPLE_ROOTS } = Apple.parse(env);
  return appStore({
    bundle_id: APPLE_BUNDLE_ID,
    app_apple_id: APPLE_APP_ID ?? null,
    environments: APPLE_ENVIRONMENTS,
    roots: APPLE_ROOTS?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [APPLE_ROOT_CA_G3],
    api: env.APPLE_API_KEY_ID ? apiFrom(env) : null,
  });
}

function apiFrom(env: Environment): ServerApi {
  const { APPLE_API_ISSUER_ID, APPLE_API_KEY_ID, APPLE_API_PRIVATE_KEY } = AppleKey.parse(env);
  const key = { issuer_id: APPLE_API_ISSUER_ID, key_id: APPLE_API_KEY_ID, private_key: APPLE_API_PRIVATE_KEY };
  return { ...key, urls: APP_STORE_URLS };
}

function googleFrom(env: Environment): Stores['google'] {
  const google = Google.parse(env);
  return playStore({
    package_name: google.GOOGLE_PACKAGE_NAME,
    service_account: google.GOOGLE_SERVICE_ACCOUNT,
    api_url: google.PLAY_API_URL,
    sender: {
      jwks_url: google.GOOGLE_JWKS_URL,
      issuers: GOOGLE_ISSUERS,
      audiences: [google.GOOGLE_PUSH_AUDIENCE],
      email: google.GOOGLE_PUSH_EMAIL,
    },
  });
}

function stripeFrom(env: Environment): Stores['stripe'] {
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRETS, STRIPE_PRICE_IDS, STRIPE_API_URL } = StripeAccount.parse(env);
  const options = { secret_key: STRIPE_SECRET_KEY, webhook_secrets: STRIPE_WEBHOOK_SECRETS, api_url: STRIPE_API_URL };
  return { ...stripe(options), price_ids: STRIPE_PRICE_IDS };
}

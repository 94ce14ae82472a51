import * as z from 'zod';
import { optional, words } from '../domain/environment.ts';
import { AppError } from '../domain/errors.ts';
import type { SendMail } from '../domain/mail.ts';
import type { SendPush } from '../domain/push.ts';
import type { Log, Ports } from '../usecases/ports.ts';
import { bucketFrom } from './files/settings.ts';
import { b2Files } from './files.ts';
import { remoteIdentities } from './identity.ts';
import { sesMail } from './mail.ts';
import { fcmFrom, pushBy } from './push-carriers.ts';
import { sesReports } from './ses-reports.ts';
import { humansFrom } from './turnstile.ts';

const MAIL_DEADLINE_MS = 10_000;

const Environment = z.object({
  /** Whoever carries mails, if it is not SES. */
  MAIL_URL: optional(z.url({ protocol: /^smtps?$/, error: 'MAIL_URL is a smtp:// or smtps:// URL, or not given.' })),
  /** The SNS topics that SES reports bounces and complaints to. None: no report is believed. */
  SES_TOPIC_ARNS: words,
  /** Where SNS answers, if not at Amazon. */
  SNS_ENDPOINT: optional(z.url()),
  /** `honeyDue <home@honeydue.example>`; a verified identity of SES. */
  MAIL_FROM: z.string().includes('@'),
  MAIL_REPLY_TO: optional(z.email()),
  /** For whom Apple and Google make their tokens: our apps' ids, separated by commas. None: nobody signs in that way. */
  APPLE_CLIENT_IDS: words,
  GOOGLE_CLIENT_IDS: words,
  APPLE_JWKS_URL: z.url().default('https://appleid.apple.com/auth/keys'),
  GOOGLE_JWKS_URL: z.url().default('https://www.googleapis.com/oauth2/v3/certs'),
});
type Environment = z.infer<typeof Environment>;

const Ses = z.object({
  SES_REGION: z.string().min(1),
  SES_ACCESS_KEY_ID: z.string().min(1),
  SES_SECRET_ACCESS_KEY: z.string().min(1),
  /** Where SES answers, if not at Amazon. */
  SES_ENDPOINT: optional(z.url()),
});

type Sender = { from: string; reply_to?: string; deadline_ms: number };

/** What differs by runtime. */
export type Here = {
  now(): string;
  log: Log;
  /** Carries pushes to iPhones. */
  ios: SendPush;
  /** Carries mails by SMTP; null where no connection can be opened for it. */
  smtp: ((options: Sender & { url: string }) => SendMail) | null;
};

/** The ports that lead to other people's services. */
export function outsidePorts(
  env: Record<string, unknown>,
  here: Here,
): Pick<Ports, 'mail' | 'mailReports' | 'push' | 'verifyIdentity' | 'isHuman' | 'files'> {
  const settings = Environment.parse(env);
  return {
    mail: mailFrom(settings, env, here),
    mailReports: sesReports({ topics: settings.SES_TOPIC_ARNS, endpoint: settings.SNS_ENDPOINT }),
    push: pushBy({ android: fcmFrom(env, here.log, here.now), ios: here.ios }),
    verifyIdentity: identitiesFrom(settings),
    ...humansFrom(env, here.log),
    files: b2Files(bucketFrom(env)),
  };
}

function mailFrom(
  { MAIL_URL, MAIL_FROM, MAIL_REPLY_TO }: Environment,
  env: Record<string, unknown>,
  here: Here,
): SendMail {
  const sender: Sender = {
    from: MAIL_FROM,
    deadline_ms: MAIL_DEADLINE_MS,
    ...(MAIL_REPLY_TO && { reply_to: MAIL_REPLY_TO }),
  };
  if (MAIL_URL) {
    if (!here.smtp) throw new Error('MAIL_URL names an SMTP server. The edge has none: it sends by SES alone.');
    return here.smtp({ ...sender, url: MAIL_URL });
  }
  const { SES_REGION, SES_ACCESS_KEY_ID, SES_SECRET_ACCESS_KEY, SES_ENDPOINT } = Ses.parse(env);
  return sesMail({
    ...sender,
    region: SES_REGION,
    accessKeyId: SES_ACCESS_KEY_ID,
    secretAccessKey: SES_SECRET_ACCESS_KEY,
    ...(SES_ENDPOINT && { endpoint: SES_ENDPOINT }),
  });
}

function identitiesFrom(env: Environment): Ports['verifyIdentity'] {
  const issuers = {
    apple: {
      jwks_url: env.APPLE_JWKS_URL,
      issuers: ['https://appleid.apple.com'],
      audiences: env.APPLE_CLIENT_IDS,
    },
    google: {
      jwks_url: env.GOOGLE_JWKS_URL,
      issuers: ['https://accounts.google.com', 'accounts.google.com'],
      audiences: env.GOOGLE_CLIENT_IDS,
    },
  };
  const verify = remoteIdentities(issuers);
  return async (provider, token, options) => {
    if (issuers[provider].audiences.length === 0) throw notSetUp();
    return await verify(provider, token, options);
  };
}

const notSetUp = () => new AppError('identity_unavailable', 'Signing in this way is not set up here.');

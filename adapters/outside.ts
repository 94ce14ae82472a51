import * as z from 'zod';
import { AppError } from '../domain/errors.ts';
import type { Ports } from '../usecases/ports.ts';
import { remoteIdentities } from './identity.ts';
import { sesMail } from './mail.ts';

const MAIL_DEADLINE_MS = 10_000;

const words = z
  .string()
  .default('')
  .transform((list) => list.split(',').filter((word) => word !== ''));
const optional = <S extends z.ZodType>(schema: S) => z.preprocess((value) => value || undefined, schema.optional());

const Environment = z.object({
  SES_REGION: z.string().min(1),
  SES_ACCESS_KEY_ID: z.string().min(1),
  SES_SECRET_ACCESS_KEY: z.string().min(1),
  /** Where SES answers, if not at Amazon. */
  SES_ENDPOINT: optional(z.url()),
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

/** The ports that lead to other people's services, the same on both runtimes. */
export function outsidePorts(env: Record<string, unknown>): Pick<Ports, 'mail' | 'verifyIdentity'> {
  const settings = Environment.parse(env);
  return { mail: mailFrom(settings), verifyIdentity: identitiesFrom(settings) };
}

const mailFrom = (env: Environment): Ports['mail'] =>
  sesMail({
    region: env.SES_REGION,
    accessKeyId: env.SES_ACCESS_KEY_ID,
    secretAccessKey: env.SES_SECRET_ACCESS_KEY,
    from: env.MAIL_FROM,
    deadline_ms: MAIL_DEADLINE_MS,
    ...(env.SES_ENDPOINT && { endpoint: env.SES_ENDPOINT }),
    ...(env.MAIL_REPLY_TO && { reply_to: env.MAIL_REPLY_TO }),
  });

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

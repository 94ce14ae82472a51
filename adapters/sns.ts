import { verify, X509Certificate } from 'node:crypto';
import * as z from 'zod';
import { AppError } from '../domain/errors.ts';
import { Refused } from './billing/refused.ts';
import { exchange } from './exchange.ts';
import { jsonText } from './json-text.ts';

const LIMITS = { deadline_ms: 2000, max_bytes: 64 * 1024 };
/** SNS tries for an hour, and an operator may send again what nobody took. Which are known is kept for longer. */
const MAX_AGE_MS = 30 * 24 * 3600 * 1000;
const MAX_SKEW_MS = 300_000;
/** A topic's region has one, and another once a year. */
const CERTIFICATES_KEPT = 8;
const RETRY_S = 30;

const said = z
  .string()
  .min(1)
  .max(256 * 1024);
const signed = {
  MessageId: z.string().min(1).max(100),
  TopicArn: said,
  Message: said,
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.base64(),
  SigningCertURL: z.url(),
};
const asked = { ...signed, Token: said, SubscribeURL: said };
export const SnsMessage = z.discriminatedUnion('Type', [
  z.object({ ...signed, Type: z.literal('Notification'), Subject: z.string().nullish() }),
  z.object({ ...asked, Type: z.literal('SubscriptionConfirmation') }),
  z.object({ ...asked, Type: z.literal('UnsubscribeConfirmation') }),
]);
export type SnsMessage = z.infer<typeof SnsMessage>;

/** What is signed, in this order. */
const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};
const ALGORITHMS = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' };

export type Topics = {
  /** The ARNs of those that are ours. */
  topics: readonly string[];
  /** Where SNS is, if not at Amazon. */
  endpoint?: string | undefined;
};

/** The message, if Amazon signed it for one of our topics. Its certificate comes from the topic's own region, whatever it names. */
export async function verifySns(body: Uint8Array, { topics, endpoint }: Topics, now: string): Promise<SnsMessage> {
  const { data: message } = jsonText.pipe(SnsMessage).safeParse(new TextDecoder().decode(body));
  if (!message) throw new Refused('It is no message of SNS.');
  if (!topics.includes(message.TopicArn)) throw new Refused('Its topic is none of ours.');
  const age_ms = Date.parse(now) - Date.parse(message.Timestamp);
  if (age_ms > MAX_AGE_MS || age_ms < -MAX_SKEW_MS) throw new Refused('It is too old, or not of today yet.');
  const url = new URL(message.SigningCertURL);
  if (url.origin !== new URL(endpoint ?? amazonOf(message.TopicArn)).origin || !CERTIFICATE_PATH.test(url.pathname))
    throw new Refused('Its certificate is not at Amazon.');
  const certificate = await certificateAt(url.origin + url.pathname);
  if (!(Date.parse(certificate.validFrom) <= Date.parse(now) && Date.parse(now) <= Date.parse(certificate.validTo)))
    throw new Refused('Its certificate is not valid now.');
  const signature = Buffer.from(message.Signature, 'base64');
  if (!verify(ALGORITHMS[message.SignatureVersion], signedText(message), certificate.publicKey, signature))
    throw new Refused('Its signature is not right.');
  return message;
}

const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;

/** `arn:aws:sns:us-east-1:…`, `arn:aws-cn:sns:cn-north-1:…`. */
export function amazonOf(topic: string): string {
  const [, partition, , region] = topic.split(':');
  return `https://sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

function signedText(message: SnsMessage): Buffer {
  const said: Record<string, unknown> = message;
  const lines = SIGNED[message.Type].flatMap((name) => (said[name] == null ? [] : [`${name}\n${said[name]}\n`]));
  return Buffer.from(lines.join(''));
}

const certificates = new Map<string, X509Certificate>();

async function certificateAt(url: string): Promise<X509Certificate> {
  const known = certificates.get(url);
  if (known) return known;
  const { status, text } = await exchange(url, {}, LIMITS).catch((cause) => {
    throw unavailable(cause);
  });
  if (status >= 500 || status === 429) throw unavailable(`status ${status}`);
  const certificate = status === 200 ? parse(text) : null;
  if (!certificate) throw new Refused(`There is no certificate at ${url}.`);
  if (certificates.size >= CERTIFICATES_KEPT) certificates.clear();
  certificates.set(url, certificate);
  return certificate;
}

function parse(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

const unavailable = (cause: unknown) =>
  new AppError('mail_unavailable', 'Amazon’s certificate cannot be had.', { retry_after_s: RETRY_S }, cause);

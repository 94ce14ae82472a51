import 'reflect-metadata';
import { createSign, randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { type LocalServer, startServer } from '../adapters/local-server.ts';

export const TOPIC = 'arn:aws:sns:us-east-1:123456789012:ses-reports';

type Validity = { from: string; to: string };
type Message = Record<string, string>;
type Signed = { version?: '1' | '2'; certificate?: string };

/** SNS with a key of its own: where its certificate is, and messages as it signs them. */
export async function startSns(at: string, validity: Partial<Validity> = {}) {
  const day = 86_400_000;
  const from = validity.from ?? new Date(Date.parse(at) - day).toISOString();
  const to = validity.to ?? new Date(Date.parse(at) + day).toISOString();
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=sns.amazonaws.com',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(from),
    notAfter: new Date(to),
  });
  const path = `/SimpleNotificationService-${randomBytes(16).toString('hex')}.pem`;
  const server: LocalServer = await startServer(({ path: asked }) => {
    if (asked === path) return { text: certificate.toString('pem') };
    return asked.startsWith('/?') ? { text: '<ConfirmSubscriptionResponse/>' } : { status: 403 };
  });
  const pem = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')}\n-----END PRIVATE KEY-----`;

  /** With the signature that belongs to it. */
  const signed = (message: Message, { version = '2', certificate: url = server.url + path }: Signed = {}): Message => {
    const names = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const text = names.flatMap((name) => (name in message ? [`${name}\n${message[name]}\n`] : [])).join('');
    const Signature = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
      .update(text)
      .sign(pem, 'base64');
    return { ...message, SignatureVersion: version, Signature, SigningCertURL: url };
  };

  const notification = (report: object | string, more: Message = {}): Message => ({
    Type: 'Notification',
    MessageId: crypto.randomUUID(),
    TopicArn: TOPIC,
    Message: typeof report === 'string' ? report : JSON.stringify(report),
    Timestamp: at,
    ...more,
  });

  const confirmation = (): Message => ({
    ...notification('You have chosen to subscribe to the topic.'),
    Type: 'SubscriptionConfirmation',
    Token: 'a-token',
    SubscribeURL: 'https://elsewhere.example/?Action=ConfirmSubscription',
  });

  return { url: server.url, asked: server.asked, close: server.close, signed, notification, confirmation };
}

export type Sns = Awaited<ReturnType<typeof startSns>>;

export const bounce = (emailAddress: string, bounceType = 'Permanent') => ({
  notificationType: 'Bounce',
  bounce: {
    bounceType,
    bounceSubType: 'General',
    bouncedRecipients: [
      { emailAddress, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
    ],
    timestamp: '2026-03-07T15:00:00.000Z',
    feedbackId: '0100018f-aa',
  },
  mail: { messageId: '0100018f-bb', destination: [emailAddress] },
});

/** As a configuration set tells it. */
export const complaint = (emailAddress: string, complaintFeedbackType = 'abuse') => ({
  eventType: 'Complaint',
  complaint: { complainedRecipients: [{ emailAddress }], complaintFeedbackType },
  mail: { messageId: '0100018f-cc' },
});

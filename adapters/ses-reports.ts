import * as z from 'zod';
import { digestOf, type MailReport, type MailReports } from '../domain/mail-report.ts';
import { onRefused } from './billing/refused.ts';
import { exchange } from './exchange.ts';
import { jsonText } from './json-text.ts';
import { amazonOf, type SnsMessage, type Topics, verifySns } from './sns.ts';

const LIMITS = { deadline_ms: 10_000, max_bytes: 64 * 1024 };

/** What Amazon SES reports by SNS of bounces and complaints. */
export const sesReports = (options: Topics): MailReports => ({
  async verify(body, now) {
    const message = await verifySns(body, options, now).catch(
      onRefused('invalid_signature', 'This was not sent by Amazon SES for us.'),
    );
    return reportOf(message);
  },
  async confirm({ topic, token }) {
    const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topic, Token: token });
    const { status } = await exchange(`${options.endpoint ?? amazonOf(topic)}/?${query}`, {}, LIMITS);
    if (status !== 200) throw new Error(`SNS answered ${status} to the confirmation of ${topic}.`);
  },
});

const recipients = z.array(z.object({ emailAddress: z.string() })).max(50);
/** As the notifications of an identity call it, and the events of a configuration set. */
const Report = z.preprocess(
  (value) =>
    typeof value === 'object'
      ? { ...value, ...(value && 'eventType' in value && { notificationType: value.eventType }) }
      : value,
  z.discriminatedUnion('notificationType', [
    z.object({
      notificationType: z.literal('Bounce'),
      bounce: z.object({ bounceType: z.string(), bouncedRecipients: recipients }),
    }),
    z.object({
      notificationType: z.literal('Complaint'),
      complaint: z.object({ complaintFeedbackType: z.string().nullish(), complainedRecipients: recipients }),
    }),
  ]),
);

/** A mailbox that is full, or a reader who says that it is no spam, changes nothing. */
function reportOf(message: SnsMessage): MailReport | null {
  const told = { provider: 'ses' as const, event_id: message.MessageId };
  if (message.Type === 'SubscriptionConfirmation')
    return { ...told, type: message.Type, kind: 'subscription', topic: message.TopicArn, token: message.Token };
  const { data: report } = jsonText.pipe(Report).safeParse(message.Message);
  if (message.Type !== 'Notification' || !report) return null;
  const type = report.notificationType;
  if (report.notificationType === 'Bounce') {
    const { bounceType, bouncedRecipients } = report.bounce;
    if (bounceType !== 'Permanent') return null;
    return { ...told, type, kind: 'refusal', reason: 'bounce', address_digests: digestsOf(bouncedRecipients) };
  }
  const { complaintFeedbackType, complainedRecipients } = report.complaint;
  if (complaintFeedbackType === 'not-spam') return null;
  return {
    ...told,
    type,
    kind: 'refusal',
    reason: 'complaint',
    address_digests: digestsOf(complainedRecipients),
  };
}

/** `jane@example.com`, or `Jane <jane@example.com>`. */
const digestsOf = (people: z.infer<typeof recipients>): string[] =>
  people.map(({ emailAddress }) => digestOf(/<([^<>]+)>\s*$/.exec(emailAddress)?.[1] ?? emailAddress.trim()));

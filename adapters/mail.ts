import { AwsClient } from 'aws4fetch';
import * as z from 'zod';
import { type Mail, MailError, type MailErrorKind, oneLine, type SendMail } from '../domain/mail.ts';
import { jsonText } from './json-text.ts';
import { headersOf, withoutAddresses } from './mail-headers.ts';

type SesOptions = {
  region: string;
  /** Where SES answers, if not at Amazon. */
  endpoint?: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** `honeyDue <home@honeydue.example>`; a verified identity of SES. */
  from: string;
  reply_to?: string;
  /** For the whole exchange, the answer's body included. */
  deadline_ms: number;
  fetch?: (request: Request, init: { signal: AbortSignal }) => Promise<Response>;
};

/** Amazon SES by its API v2. One try for each call: the outbox owns the retries. */
export function sesMail(options: SesOptions): SendMail {
  const { region, endpoint, accessKeyId, secretAccessKey, deadline_ms, fetch: send = fetch } = options;
  const url = `${endpoint ?? `https://email.${region}.amazonaws.com`}/v2/email/outbound-emails`;
  const aws = new AwsClient({ accessKeyId, secretAccessKey, service: 'ses', region, retries: 0 });
  return async (mail, traceparent) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(toSes(mail, options));
    const request = await aws.sign(url, { method: 'POST', headers, body, redirect: 'manual' });
    // Not among what is signed.
    if (traceparent) request.headers.set('traceparent', traceparent);
    const response = await send(request, { signal: AbortSignal.timeout(deadline_ms) }).catch(onLoss);
    // A body that breaks off changes nothing: the status says whether the mail went.
    const answer = Answer.parse(await response.text().catch(() => ''));
    if (response.status !== 200) throw refusal(response, answer.message);
    if (!answer.MessageId) throw new MailError('uncertain', 'SES took the mail and named no id.');
    return { message_id: answer.MessageId };
  };
}

function toSes(mail: Mail, { from, reply_to }: SesOptions) {
  const answer_to = mail.reply_to ?? reply_to;
  const data = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return {
    FromEmailAddress: from,
    ...(answer_to && { ReplyToAddresses: [answer_to] }),
    Destination: { ToAddresses: [mail.to] },
    Content: {
      Simple: {
        Subject: data(oneLine(mail.subject)),
        Body: { Text: data(mail.text), Html: data(mail.html) },
        // SES sets the Message-ID itself and refuses ours.
        Headers: Object.entries(headersOf(mail)).map(([Name, Value]) => ({ Name, Value })),
      },
    },
  };
}

/** SES answers in JSON, what stands before it in whatever it likes. */
const Answer = jsonText.pipe(z.object({ MessageId: z.string(), message: z.string() }).partial()).catch({});

/** The account's fault and not the mail's: it goes when the operator has mended that, or a second has passed. */
const OF_THE_ACCOUNT = new Set([
  'AccessDeniedException',
  'AccountSuspendedException',
  'IncompleteSignature',
  'LimitExceededException',
  'MailFromDomainNotVerifiedException',
  'NotAuthorized',
  'RequestExpired',
  'SendingPausedException',
  'ThrottlingException',
]);
/** What a gateway says that handed the request on and heard nothing; those above 511 are Cloudflare's. */
const UNHEARD = new Set([504, 520, 524]);
/** The daily quota counts the last 24 hours; some of it is free again after one. */
const QUOTA_RETRY_S = 3600;

function refusal({ status, headers }: Response, message = ''): MailError {
  const code = headers.get('x-amzn-errortype')?.split(':')[0] ?? '';
  const retry_after_s = Number(headers.get('retry-after')) || (message.startsWith('Daily') ? QUOTA_RETRY_S : null);
  const sentence = `SES answered ${status} ${code} ${withoutAddresses(message)}`.trim();
  return new MailError(kindOf(status, code), sentence, { retry_after_s });
}

function kindOf(status: number, code: string): MailErrorKind {
  if (UNHEARD.has(status)) return 'uncertain';
  return (status === 400 || status === 413) && !OF_THE_ACCOUNT.has(code) ? 'permanent' : 'temporary';
}

/** No connection came about. Node says so; workerd gives one sentence for that and for a connection lost later. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_(SSL|TLS)_)|CERT/;

function onLoss(error: unknown): never {
  const cause = error instanceof Error ? error.cause : undefined;
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const kind = NEVER_SENT.test(reason) ? 'temporary' : 'uncertain';
  throw new MailError(kind, `SES was not heard: ${reason || error}`, { cause: error });
}

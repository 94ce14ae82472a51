import * as z from 'zod';
import { withoutAddresses } from '../adapters/mail-headers.ts';
import { MailError, type MailErrorKind } from '../domain/mail.ts';

/** What nodemailer says of an error, as far as it knows. A server's answer names the reader: it is not passed on. */
const Failure = z
  .object({
    message: z.string(),
    code: z.string(),
    command: z.string(),
    response: z.string(),
    responseCode: z.number(),
  })
  .partial()
  .catch({});
type Failure = z.infer<typeof Failure>;

/** An error while a mail was sent; `was_asked_for` if the server had said that it wants the mail. */
export function smtpRefusal(error: unknown, was_asked_for: boolean): MailError {
  const failure = Failure.parse(error);
  const kind = kindOf(failure, was_asked_for);
  return new MailError(kind, sentence(failure), { is_of_address: kind === 'permanent' && isOfAddress(failure) });
}

/** Said of this mail and no other. A refusal of anything else is of the account, and the operator can mend it. */
const OF_THE_MAIL = new Set(['RCPT TO', 'DATA']);
const TOO_LARGE = 552;
/** The session was in disorder, the mail was not. */
const BAD_SEQUENCE = 503;
/** nodemailer itself saw that the server would not take it. */
const NOT_SENT = new Set(['EENVELOPE', 'EMESSAGE']);

function kindOf({ code = '', command = '', responseCode }: Failure, was_asked_for: boolean): MailErrorKind {
  if (responseCode === undefined && NOT_SENT.has(code)) return 'permanent';
  if (responseCode === undefined || responseCode < 400) return was_asked_for ? 'uncertain' : 'temporary';
  if (responseCode < 500 || responseCode === BAD_SEQUENCE) return 'temporary';
  return OF_THE_MAIL.has(command) || responseCode === TOO_LARGE ? 'permanent' : 'temporary';
}

/** RFC 3463: no such mailbox, no such domain, no address, moved, takes no mail, switched off. */
const NOBODY_THERE = /^5\d\d[ -]5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b/;

/** Only where the server says so: a bare 550 may mean that it does not relay for us, and then it means everybody. */
const isOfAddress = ({ command, response = '' }: Failure): boolean =>
  command === 'RCPT TO' && NOBODY_THERE.test(response);

function sentence({ message = '', code = '', command = '', response }: Failure): string {
  if (response !== undefined) return `SMTP answered ${command} with ${withoutAddresses(response)}`;
  if (NOT_SENT.has(code)) return `SMTP takes no such mail: ${code}`;
  return `SMTP was not heard: ${withoutAddresses(message)}`;
}

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { headersOf } from '../adapters/mail-headers.ts';
import { type Mail, oneLine, type SendMail } from '../domain/mail.ts';
import { smtpRefusal } from './smtp-refusal.ts';

type SmtpOptions = {
  /**
   * `smtps://user:password@host` speaks TLS from the first byte; `smtp://…` begins it with STARTTLS, and gives no mail to a
   * server that cannot. `?tls=none` is for a server on the same machine, and takes no password.
   */
  url: string;
  /** `honeyDue <home@honeydue.example>` */
  from: string;
  reply_to?: string;
  /** For the whole exchange, the look-up of the server's name included. */
  deadline_ms: number;
  /** Who may vouch for the server, in PEM; if not given, those that Node trusts. */
  ca?: string;
};

/** Any SMTP server. One connection and one try for each mail: the outbox owns the retries. */
export function smtpMail(options: SmtpOptions): SendMail {
  const server = parseUrl(options.url);
  const sender = addressOf(options.from);
  return async (mail) => {
    const message_id = messageId(mail, sender);
    const body = await compose(mail, message_id, options);
    const connection = new SMTPConnection({ ...server.connection, ...limits(options) });
    const progress = { was_asked_for: false };
    const envelope = { from: sender, to: mail.to, size: body.length };
    try {
      await inTime(connection, options.deadline_ms, async () => {
        await step((done) => connection.connect(done));
        if (server.auth) await step((done) => connection.login(server.auth, done));
        await step((done) => connection.send(envelope, Readable.from(noting(body, progress)), done));
      });
      connection.quit();
      return { message_id };
    } catch (error) {
      connection.close();
      throw smtpRefusal(error, progress.was_asked_for);
    }
  };
}

function parseUrl(url: string) {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  if (!/^smtps?:$/.test(protocol) || hostname === '') throw new Error('A mail server has a smtp:// or smtps:// URL.');
  const isPlain = searchParams.get('tls') === 'none';
  if (isPlain && username !== '') throw new Error('A password is not sent without TLS.');
  const secure = protocol === 'smtps:';
  const connection = { host: hostname, port, secure, requireTLS: !secure && !isPlain, ignoreTLS: isPlain };
  const credentials = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return { connection, auth: username === '' ? undefined : { credentials } };
}

function addressOf(from: string): string {
  const address = new MailComposer({ from }).compile().getEnvelope().from;
  if (!address) throw new Error('A mail needs an address that it comes from.');
  return address;
}

const limits = ({ deadline_ms, ca }: SmtpOptions) => ({
  connectionTimeout: deadline_ms,
  greetingTimeout: deadline_ms,
  socketTimeout: deadline_ms,
  tls: { minVersion: 'TLSv1.2' as const, ...(ca && { ca }) },
});

/** The same for every try of one mail, so that a reader's server can drop a second copy. */
const messageId = ({ message_key }: Mail, sender: string): string =>
  `<${createHash('sha256').update(message_key).digest('hex').slice(0, 40)}@${sender.split('@').at(-1)}>`;

async function compose(mail: Mail, messageId: string, { from, reply_to }: SmtpOptions): Promise<Buffer> {
  const { to, subject, text, html } = mail;
  const parts = { from, to: { name: '', address: to }, subject: oneLine(subject), text, html };
  const answer_to = mail.reply_to ? { name: '', address: mail.reply_to } : reply_to;
  const replyTo = answer_to && { replyTo: answer_to };
  const local = { disableFileAccess: true, disableUrlAccess: true };
  return await new MailComposer({ ...parts, ...replyTo, ...local, messageId, headers: headersOf(mail) })
    .compile()
    .build();
}

async function inTime(connection: SMTPConnection, deadline_ms: number, work: () => Promise<void>): Promise<void> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  connection.on('error', reject);
  const timer = setTimeout(() => reject(new Error(`Nothing within ${deadline_ms} ms`)), deadline_ms);
  try {
    await Promise.race([work(), failed]);
  } finally {
    clearTimeout(timer);
  }
}

const step = (take: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => take((error) => (error ? reject(error) : resolve())));

/** The mail, read from once the server has said that it wants it, and not before. */
function* noting(body: Buffer, progress: { was_asked_for: boolean }): Generator<Buffer> {
  progress.was_asked_for = true;
  yield body;
}

import 'reflect-metadata';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import * as x509 from '@peculiar/x509';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';
import type { smtpMail } from '../../origin/smtp.ts';
import { certify, pem } from '../adapters/certificates.ts';
import { FROM, type Received } from './contract.ts';

export const PASSWORD = 'p@ss:word/ü';

/** What an SMTP server answers instead of yes. */
export const answer = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });

export const unknown = (address: string): Error =>
  answer(550, `5.1.1 <${address}>: Recipient address rejected: User unknown`);

type Options = Parameters<typeof smtpMail>[0];

export const options = (url: string, more: Partial<Options> = {}): Options => ({
  url: `${url}?tls=none`,
  from: FROM,
  deadline_ms: 10_000,
  ...more,
});
/** Long enough to come as far as the mail, on a busy machine too. */
export const HASTY = { deadline_ms: 1000 };

/** For one test. */
export async function anInbox(behave?: Behave) {
  const inbox = await startSmtp(behave);
  onTestFinished(inbox.stop);
  return inbox;
}

/** How the server under a test is unlike one that takes every mail. */
type Behave = (hangUp: () => void) => SMTPServerOptions;

/** A real SMTP server on the loopback that keeps what it took. Without a certificate it knows no TLS, and no password. */
export async function startSmtp(behave: Behave = () => ({})) {
  const mails: Received[] = [];
  const sockets = new Set<Socket>();
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  const more = behave(hangUp);
  const plain = more.cert ? {} : { disabledCommands: ['AUTH', 'STARTTLS'] };
  const server = new SMTPServer({
    logger: false,
    ...plain,
    authOptional: true,
    onAuth({ username, password }, _session, done) {
      if (username === 'honeydue' && password === PASSWORD) done(null, { user: username });
      else done(answer(535, '5.7.8 Error: authentication failed'));
    },
    async onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      mails.push({ ...(await parsed(await buffer(stream))), to });
      done(null);
    },
    ...more,
  });
  server.on('error', () => {}); // a client that hangs up, which some tests are about
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(resolve));
    hangUp();
    await closed;
  };
  return { url: `smtp://127.0.0.1:${port}`, mails, sockets, stop };
}

async function parsed(bytes: Buffer): Promise<Omit<Received, 'to'>> {
  const { from, subject = '', text = '', html = '', headers: pairs } = await PostalMime.parse(bytes);
  const sender = from && 'address' in from ? `${from.name} <${from.address}>` : '';
  const headers = Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
  return { from: sender, subject, text: beforeBoundary(text), html: beforeBoundary(html), headers };
}

/** The line break before a boundary belongs to the boundary (RFC 2046); this parser leaves it to the part. */
const beforeBoundary = (part: string): string => part.replace(/\n$/, '');

const DAY_MS = 86_400_000;

/** A certificate for the loopback, and the authority that vouches for it. */
export async function certificates() {
  const validity = {
    from: new Date(Date.now() - DAY_MS).toISOString(),
    to: new Date(Date.now() + DAY_MS).toISOString(),
  };
  const root = await certify({ name: 'Test Root CA', validity });
  const more = [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])];
  const leaf = await certify({ name: 'mail', issuer: root, curve: 'P-256', is_authority: false, validity, more });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', leaf.keys.privateKey)).toString('base64');
  return { ca: pem(root), cert: pem(leaf), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
}

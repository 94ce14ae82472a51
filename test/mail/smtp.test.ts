import getPort from 'get-port';
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, test } from 'vitest';
import { smtpMail } from '../../origin/smtp.ts';
import { aMail, type Carrier, type Fault, mailContract, mailError } from './contract.ts';
import { anInbox, answer, HASTY, options, startSmtp, unknown } from './smtp-inbox.ts';

const BEHAVIOURS: Record<Exclude<Fault, 'is_away'>, (hangUp: () => void) => SMTPServerOptions> = {
  throttles: () => ({ onMailFrom: (_address, _session, done) => done(answer(421, '4.7.0 Too many messages')) }),
  breaks: () => ({
    onData: (stream, _session, done) => void stream.resume().on('end', () => done(answer(451, '4.3.0'))),
  }),
  refuses_address: () => ({ onRcptTo: ({ address }, _session, done) => done(unknown(address)) }),
  hangs: () => ({ onData: (stream) => void stream.resume() }),
  hangs_up_after_taking: (hangUp) => ({ onData: (stream) => void stream.resume().on('end', hangUp) }),
};

mailContract('SMTP at the origin', async (): Promise<Carrier> => {
  const { url, mails, stop } = await startSmtp();
  return {
    send: smtpMail(options(url)),
    received: async () => mails,
    async sendWhereIt(fault) {
      if (fault === 'is_away') return smtpMail(options(`smtp://127.0.0.1:${await getPort()}`));
      const inbox = await anInbox(BEHAVIOURS[fault]);
      return smtpMail(options(inbox.url, fault === 'hangs' ? HASTY : {}));
    },
    stop,
  };
});

/** A server that refuses at one of its four chances. */
const REFUSES = {
  'the greeting': (error: Error): SMTPServerOptions => ({ onConnect: (_session, done) => done(error) }),
  'MAIL FROM': (error: Error): SMTPServerOptions => ({ onMailFrom: (_address, _session, done) => done(error) }),
  'RCPT TO': (error: Error): SMTPServerOptions => ({ onRcptTo: (_address, _session, done) => done(error) }),
  'the mail': (error: Error): SMTPServerOptions => ({
    onData: (stream, _session, done) => void stream.resume().on('end', () => done(error)),
  }),
};

describe('what a server answers', () => {
  test.each([
    [421, 'the greeting', 'temporary'],
    [554, 'the greeting', 'temporary'],
    [450, 'MAIL FROM', 'temporary'],
    [452, 'MAIL FROM', 'temporary'],
    [550, 'MAIL FROM', 'temporary'], // our address, not the reader's
    [552, 'MAIL FROM', 'permanent'],
    [421, 'RCPT TO', 'temporary'],
    [450, 'RCPT TO', 'temporary'],
    [452, 'RCPT TO', 'temporary'],
    [503, 'RCPT TO', 'temporary'],
    [550, 'RCPT TO', 'permanent'],
    [553, 'RCPT TO', 'permanent'],
    [421, 'the mail', 'temporary'],
    [451, 'the mail', 'temporary'],
    [452, 'the mail', 'temporary'],
    [550, 'the mail', 'permanent'],
    [554, 'the mail', 'permanent'],
  ] as const)('%i at %s', async (code, command, kind) => {
    const inbox = await anInbox(() => REFUSES[command](answer(code, 'No')));
    const error = await mailError(smtpMail(options(inbox.url))(aMail()));
    expect(error).toMatchObject({ kind, message: expect.stringContaining(`with ${code} `) });
  });

  test.each([
    ['RCPT TO', '5.1.1 User unknown', true],
    ['RCPT TO', '5.1.10 Null MX', true],
    ['RCPT TO', '5.2.1 Mailbox disabled', true],
    ['RCPT TO', '5.7.1 Relaying denied', false],
    ['RCPT TO', 'Relaying denied', false],
    ['RCPT TO', '5.1.8 Sender rejected', false],
    ['MAIL FROM', '5.1.1 User unknown', false],
    ['the mail', '5.1.1 User unknown', false],
  ] as const)('at %s, %s: of the address is %s', async (command, message, is_of_address) => {
    const inbox = await anInbox(() => REFUSES[command](answer(550, message)));
    expect((await mailError(smtpMail(options(inbox.url))(aMail()))).is_of_address).toBe(is_of_address);
  });

  test('the operator reads its sentence', async () => {
    const inbox = await anInbox(() => ({ onRcptTo: ({ address }, _session, done) => done(unknown(address)) }));
    expect(String(await mailError(smtpMail(options(inbox.url))(aMail())))).toBe(
      'MailError: SMTP answered RCPT TO with 550 5.1.1 … Recipient address rejected: User unknown',
    );
  });

  test('a mail larger than it takes is not offered to it', async () => {
    const inbox = await anInbox(() => ({ size: 1000 }));
    const error = await mailError(smtpMail(options(inbox.url))(aMail({ text: 'x'.repeat(2000) })));
    expect(error.kind).toBe('permanent');
    expect(inbox.mails).toEqual([]);
  });
});

test('every try of a mail has the same id, and no other mail has it', async () => {
  const inbox = await anInbox();
  const send = smtpMail(options(inbox.url));
  const mail = aMail({ message_key: 'event-42/user-7' });
  const ids = [await send(mail), await send({ ...mail, text: 'later' }), await send(aMail())].map((s) => s.message_id);
  expect(ids[0]).toMatch(/^<[0-9a-f]{40}@honeydue\.example>$/);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
  expect(inbox.mails.map(({ headers }) => headers['message-id'])).toEqual(ids);
});

test('a mail goes to one reader, whatever the address looks like, and answers go where they should', async () => {
  const inbox = await anInbox();
  await smtpMail(options(inbox.url, { reply_to: 'help@honeydue.example' }))(aMail({ to: 'one@example.com' }));
  expect(inbox.mails).toMatchObject([
    { to: ['one@example.com'], headers: { to: 'one@example.com', 'reply-to': 'help@honeydue.example' } },
  ]);
  for (const to of ['one@example.com, two@example.com', 'one@example.com>\r\nRCPT TO:<two@example.com', '']) {
    const { kind } = await mailError(smtpMail(options(inbox.url))(aMail({ to })));
    expect(kind).toBe('permanent');
  }
  expect(inbox.mails).toHaveLength(1);
  const answered = aMail({ reply_to: 'jane@example.com' });
  await smtpMail(options(inbox.url, { reply_to: 'help@honeydue.example' }))(answered);
  expect(inbox.mails[1]).toMatchObject({ headers: { 'reply-to': 'jane@example.com' } });
});

import type { SMTPServerOptions } from 'smtp-server';
import { beforeAll, describe, expect, test } from 'vitest';
import { smtpMail } from '../../origin/smtp.ts';
import { aMail, mailError } from './contract.ts';
import { anInbox, answer, certificates, options, PASSWORD } from './smtp-inbox.ts';

describe('TLS', () => {
  let tls: Awaited<ReturnType<typeof certificates>>;
  beforeAll(async () => {
    tls = await certificates();
  });
  const said: string[] = [];
  const listening = (more: SMTPServerOptions): SMTPServerOptions => ({
    ...more,
    onMailFrom(_address, session, done) {
      said.push(`${session.secure ? 'secure' : 'plain'} ${session.user ?? 'stranger'}`);
      done();
    },
  });
  const withUser = (url: string, password = PASSWORD) =>
    url.replace('//', `//honeydue:${encodeURIComponent(password)}@`);
  const known = (url: string) => ({ ...options(''), url, ca: tls.ca });

  test.each([
    ['smtp:', false, 'PLAIN'],
    ['smtp:', false, 'LOGIN'],
    ['smtp:', false, 'CRAM-MD5'],
    ['smtps:', true, 'PLAIN'],
  ])('%s signs in over TLS', async (protocol, secure, method) => {
    said.length = 0;
    const { cert, key } = tls;
    const onAuth: SMTPServerOptions['onAuth'] = ({ username, password, validatePassword }, _session, done) =>
      (password ? password === PASSWORD : validatePassword(PASSWORD))
        ? done(null, { user: username })
        : done(answer(535, ''));
    const inbox = await anInbox(() => listening({ cert, key, secure, authMethods: [method], onAuth }));
    await smtpMail(known(withUser(inbox.url.replace('smtp:', protocol))))(aMail());
    expect(said).toEqual(['secure honeydue']);
    expect(inbox.mails).toHaveLength(1);
  });

  test('a wrong password is the operator’s to mend', async () => {
    const { cert, key } = tls;
    const inbox = await anInbox(() => ({ cert, key }));
    const error = await mailError(smtpMail(known(withUser(inbox.url, 'wrong')))(aMail()));
    expect(error).toMatchObject({ kind: 'temporary', message: expect.stringContaining('535') });
    expect(error.message).not.toContain('wrong');
  });

  test('a server without STARTTLS is given neither password nor mail', async () => {
    said.length = 0;
    const inbox = await anInbox(() => listening({}));
    expect((await mailError(smtpMail(known(inbox.url))(aMail()))).kind).toBe('temporary');
    expect((await mailError(smtpMail(known(withUser(inbox.url)))(aMail()))).kind).toBe('temporary');
    expect([said, inbox.mails]).toEqual([[], []]);
  });

  test.each(['smtp:', 'smtps:'])('%s gives nothing to a server that nobody vouches for', async (protocol) => {
    said.length = 0;
    const { cert, key } = tls;
    const inbox = await anInbox(() => listening({ cert, key, secure: protocol === 'smtps:' }));
    const { ca: _, ...stranger } = known(withUser(inbox.url.replace('smtp:', protocol)));
    expect((await mailError(smtpMail(stranger)(aMail()))).kind).toBe('temporary');
    expect([said, inbox.mails]).toEqual([[], []]);
  });

  test.each(['http://mx.example', 'smtp://', 'mx.example:25', 'smtp://me:secret@mx.example?tls=none'])(
    '%s is refused at the door',
    (url) => {
      expect(() => smtpMail({ ...options(''), url })).toThrow();
    },
  );
  test('so is a sender without an address', () => {
    expect(() => smtpMail({ ...options('smtp://mx.example'), from: 'honeyDue' })).toThrow();
  });
});

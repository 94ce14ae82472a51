import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mail, MailError, type SendMail } from '../../domain/mail.ts';

/** A mail as its reader's side has it. Header names in lower case. */
export type Received = {
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
};

/** What goes wrong on the other side. */
export type Fault = 'throttles' | 'breaks' | 'refuses_address' | 'is_away' | 'hangs' | 'hangs_up_after_taking';

/** A carrier under test, and the other side of it. */
export type Carrier = {
  /** To a server that takes every mail. */
  send: SendMail;
  received(): Promise<Received[]>;
  /** To a server that does this to every mail, with a deadline that a test can wait for. */
  sendWhereIt(fault: Fault): Promise<SendMail>;
  stop(): Promise<void>;
};

export const FROM = 'honeyDue <home@honeydue.example>';
const SECRET = 'a secret line';

let mails = 0;
/** A mail that no other test has sent. */
export const aMail = (more: Partial<Mail> = {}): Mail => ({
  to: `reader${++mails}@example.com`,
  subject: 'Überfällig: 濾紙 · “Filter”',
  text: `Grüße\n\n  ${SECRET}\n.\n`,
  html: '<!doctype html><p>Grüße &lt;3</p>\n',
  message_key: `event-${mails}`,
  ...more,
});

/** The `MailError` that a promise is rejected with. */
export async function mailError(promise: Promise<unknown>): Promise<MailError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MailError)) throw new Error('not refused with a MailError', { cause: error });
  return error;
}

/** What every carrier of mail does, whatever it speaks. */
export function mailContract(name: string, make: () => Promise<Carrier>): void {
  describe(`mail by ${name}`, () => {
    let carrier: Carrier;
    beforeAll(async () => {
      carrier = await make();
    });
    afterAll(() => carrier?.stop());

    async function delivered(mail: Mail): Promise<Received> {
      await carrier.send(mail);
      const [only, ...more] = (await carrier.received()).filter(({ to }) => to.includes(mail.to));
      if (!only || more.length > 0) throw new Error(`${more.length} mails too many, or none`);
      return only;
    }

    test('arrives once, whole, for one reader', async () => {
      const mail = aMail();
      const { to, subject, text, html } = mail;
      expect(await delivered(mail)).toMatchObject({ from: FROM, to: [to], subject, text, html });
    });

    test('has an id of its own', async () => {
      const [one, other] = [await carrier.send(aMail()), await carrier.send(aMail())];
      expect(one.message_id).toMatch(/^\S+$/);
      expect(other.message_id).not.toBe(one.message_id);
    });

    test('carries its key, and says that nobody wrote it', async () => {
      const { headers } = await delivered(aMail({ message_key: 'event-42/user-7' }));
      expect(headers).toMatchObject({ 'x-entity-ref-id': 'event-42/user-7', 'auto-submitted': 'auto-generated' });
      expect(Object.keys(headers).filter((header) => header.startsWith('list-'))).toEqual([]);
    });

    test('can be unsubscribed from in one click', async () => {
      const { headers } = await delivered(aMail({ list_unsubscribe: 'https://api.example.com/unsubscribe/?t=a.b' }));
      expect(headers).toMatchObject({
        'list-unsubscribe': '<https://api.example.com/unsubscribe/?t=a.b>',
        'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      });
    });

    test('a line break in a subject begins no header', async () => {
      const received = await delivered(aMail({ subject: 'Hello\r\nBcc: thief@example.com\u2028X: y' }));
      expect(received.subject).toBe('Hello Bcc: thief@example.com X: y');
      expect(received.headers).not.toHaveProperty('bcc');
    });

    test.each([
      ['throttles', 'temporary'],
      ['breaks', 'temporary'],
      ['refuses_address', 'permanent'],
      ['hangs', 'uncertain'],
      ['hangs_up_after_taking', 'uncertain'],
    ] as const)('a server that %s makes a %s error', async (fault, kind) => {
      const send = await carrier.sendWhereIt(fault);
      expect(await mailError(send(aMail()))).toMatchObject({ name: 'MailError', kind });
    });

    test('while the server is away no mail is given up', async () => {
      const send = await carrier.sendWhereIt('is_away');
      expect((await mailError(send(aMail()))).kind).not.toBe('permanent');
    });

    test('an error tells the log neither the reader nor the mail', async () => {
      for (const fault of ['throttles', 'refuses_address', 'hangs_up_after_taking'] as const) {
        const error = await mailError((await carrier.sendWhereIt(fault))(aMail({ to: 'canary@example.com' })));
        expect(`${error} ${error.cause}`).not.toMatch(new RegExp(`canary|${SECRET}`));
      }
    });
  });
}

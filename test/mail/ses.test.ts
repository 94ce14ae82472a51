import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { sesMail } from '../../adapters/mail.ts';
import { startInbox } from '../../dev/parts.ts';
import { aMail, type Carrier, type Fault, FROM, mailContract, mailError } from './contract.ts';
import { startWorkerd } from './in-workerd.ts';
import { breakOff, hang, hangUp, KEYS, REGION, refuse, reset, say, startSes, take } from './ses-stand-in.ts';

type Options = Parameters<typeof sesMail>[0];
type Behaviour = Parameters<typeof startSes>[0];

const options = (endpoint: string): Options => ({ ...KEYS, region: REGION, endpoint, from: FROM, deadline_ms: 10_000 });
const hasty = (endpoint: string): Options => ({ ...options(endpoint), deadline_ms: 250 });

const unverified = (to: string) =>
  `Email address is not verified. The following identities failed the check in region US-EAST-1: ${to}`;
const BEHAVIOURS: Record<Exclude<Fault, 'is_away'>, Behaviour> = {
  throttles: refuse(429, 'TooManyRequestsException', 'Maximum sending rate exceeded.'),
  breaks: refuse(503, 'ServiceUnavailable', 'Service is temporarily unavailable'),
  refuses_address: refuse(400, 'MessageRejected', unverified('canary@example.com')),
  hangs: hang,
  hangs_up_after_taking: hangUp,
};

mailContract('SES on Node', () => carrier({ sesMail, stop: async () => {} }));
mailContract('SES on workerd', async () => carrier(await startWorkerd()));

type Runtime = { sesMail: typeof sesMail; stop(): Promise<void> };

async function carrier({ sesMail, stop }: Runtime): Promise<Carrier> {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-inbox-'));
  const inbox = await startInbox(await getPort(), join(folder, 'inbox.log'));
  return {
    send: sesMail(options(inbox.address)),
    received: async () => Store.parse(await (await fetch(`${inbox.address}/store`)).json()),
    async sendWhereIt(fault) {
      if (fault === 'is_away') return sesMail(options(`http://127.0.0.1:${await getPort()}`));
      const url = await standIn(BEHAVIOURS[fault]);
      return sesMail(fault === 'hangs' ? hasty(url) : options(url));
    },
    async stop() {
      await Promise.all([inbox.stop(), stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The local inbox's list of what it took. */
const Store = z
  .object({
    emails: z.array(
      z.object({
        from: z.string(),
        destination: z.object({ to: z.array(z.string()) }),
        subject: z.string(),
        body: z.object({ text: z.string(), html: z.string() }),
        headers: z.array(z.object({ name: z.string(), value: z.string() })),
      }),
    ),
  })
  .transform(({ emails }) =>
    emails.map(({ destination, body, headers, ...email }) => ({
      ...email,
      ...destination,
      ...body,
      headers: Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
    })),
  );

async function standIn(behave: Behaviour): Promise<string> {
  const ses = await startSes(behave);
  onTestFinished(ses.stop);
  return ses.url;
}

describe('what SES says', () => {
  test.each<[string, Behaviour, object]>([
    ['429 at its rate', BEHAVIOURS.throttles, { kind: 'temporary', retry_after_s: null }],
    [
      '429 at its daily quota',
      refuse(429, 'TooManyRequestsException', 'Daily message quota exceeded.'),
      { kind: 'temporary', retry_after_s: 3600 },
    ],
    ['503 with a pause', refuse(503, 'X', '', { 'retry-after': '17' }), { kind: 'temporary', retry_after_s: 17 }],
    ['502 of a gateway', say(502, '<html>Bad Gateway</html>'), { kind: 'temporary' }],
    ['500', refuse(500, 'InternalFailure', 'x'), { kind: 'temporary' }],
    ['400 to throttle', refuse(400, 'ThrottlingException:http://x/', 'Rate exceeded'), { kind: 'temporary' }],
    ['400 for a paused account', refuse(400, 'SendingPausedException', 'Paused'), { kind: 'temporary' }],
    ['403 for a wrong key', refuse(403, 'InvalidClientTokenId', 'x'), { kind: 'temporary' }],
    ['400 for the content', refuse(400, 'BadRequestException', 'Domain contains dot-dot'), { kind: 'permanent' }],
    ['400 without a code', say(400, 'Bad Request'), { kind: 'permanent' }],
    ['413', say(413, ''), { kind: 'permanent' }],
    ['a refusal that breaks off', breakOff(429), { kind: 'temporary' }],
    ['504 of a gateway', say(504, ''), { kind: 'uncertain' }],
    ['200 that breaks off', breakOff(200), { kind: 'uncertain' }],
    ['200 without an id', say(200, '{}'), { kind: 'uncertain' }],
    ['a reset', reset, { kind: 'uncertain' }],
  ])('%s', async (_name, behave, error) => {
    const send = sesMail(options(await standIn(behave)));
    expect(await mailError(send(aMail()))).toMatchObject(error);
  });

  test('the operator reads its code and its sentence', async () => {
    const send = sesMail(options(await standIn(BEHAVIOURS.refuses_address)));
    expect(String(await mailError(send(aMail())))).toBe(
      `MailError: SES answered 400 MessageRejected ${unverified('…')}`,
    );
  });
});

test('Node knows when nothing was sent', async () => {
  for (const host of ['127.0.0.1', 'localhost']) {
    const send = sesMail(options(`http://${host}:${await getPort()}`));
    expect(await mailError(send(aMail()))).toMatchObject({
      kind: 'temporary',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  }
  const { url, stop } = await startSes(take);
  onTestFinished(stop);
  const noTls = sesMail(options(url.replace('http:', 'https:')));
  expect(await mailError(noTls(aMail()))).toMatchObject({ kind: 'temporary' });
});

test('a redirect leads to no other host', async () => {
  const elsewhere = await startSes(take);
  onTestFinished(elsewhere.stop);
  const location = `${elsewhere.url}/v2/email/outbound-emails`;
  for (const status of [302, 307]) {
    const send = sesMail(options(await standIn(refuse(status, '', '', { location }))));
    expect(await mailError(send(aMail()))).toMatchObject({ kind: 'temporary' });
  }
  expect(elsewhere.bodies).toEqual([]);
});

test('one mail is one signed request, refused or not', async () => {
  for (const behave of [take, BEHAVIOURS.breaks, BEHAVIOURS.throttles]) {
    const { url, bodies, stop } = await startSes(behave);
    onTestFinished(stop);
    await sesMail({ ...options(url), reply_to: 'help@honeydue.example' })(aMail()).catch(() => {});
    expect(bodies).toMatchObject([{ FromEmailAddress: FROM, ReplyToAddresses: ['help@honeydue.example'] }]);
  }
});

test('an answer goes to whom a mail names, if it names somebody', async () => {
  const { url, bodies, stop } = await startSes(take);
  onTestFinished(stop);
  await sesMail({ ...options(url), reply_to: 'help@honeydue.example' })(aMail({ reply_to: 'jane@example.com' }));
  expect(bodies).toMatchObject([{ ReplyToAddresses: ['jane@example.com'] }]);
});

test('without an endpoint it asks Amazon in its region', async () => {
  const asked: string[] = [];
  const answering = async (request: Request) => {
    asked.push(`${request.method} ${request.url}`);
    return Response.json({ MessageId: 'm-1' });
  };
  const { endpoint: _, ...amazon } = options('');
  expect(await sesMail({ ...amazon, region: 'eu-north-1', fetch: answering })(aMail())).toEqual({ message_id: 'm-1' });
  expect(asked).toEqual(['POST https://email.eu-north-1.amazonaws.com/v2/email/outbound-emails']);
});

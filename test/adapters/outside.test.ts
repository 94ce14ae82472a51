import { expect, test } from 'vitest';
import { outsidePorts as made } from '../../adapters/outside.ts';
import { atTheOrigin } from '../../adapters/push-carriers.ts';
import { applePushFrom } from '../../origin/apple-push.ts';
import { smtpMail } from '../../origin/smtp.ts';
import { B2, SES } from '../environment.ts';
import { aMail } from '../mail/contract.ts';
import { anInbox } from '../mail/smtp-inbox.ts';
import { aPush, pushError } from '../push/contract.ts';
import { startServer } from './local-server.ts';

const AT_THE_EDGE = { now: () => new Date().toISOString(), log: () => {}, ios: atTheOrigin, smtp: null };
const outsidePorts = (env: Record<string, unknown>) => made({ ...B2, ...env }, AT_THE_EDGE);

test('what is missing is missed at the door, by its name', () => {
  for (const name of Object.keys({ ...SES, ...B2 })) {
    expect(() => outsidePorts({ ...SES, [name]: undefined })).toThrow(name);
  }
  expect(() => outsidePorts({ ...SES, SES_ENDPOINT: 'not an address' })).toThrow('SES_ENDPOINT');
  expect(() => outsidePorts({ ...SES, B2_REGION: 'us-west-004' })).toThrow('not in the region');
  expect(() => outsidePorts({ ...SES, SES_ENDPOINT: '', MAIL_REPLY_TO: '' })).not.toThrow();
});

test('mails go where the environment says, from whom it says', async () => {
  const server = await startServer(() => ({ json: { MessageId: 'm-1' } }));
  const { mail } = outsidePorts({ ...SES, SES_ENDPOINT: server.url, MAIL_REPLY_TO: 'help@honeydue.example' });
  expect(await mail(aMail())).toEqual({ message_id: 'm-1' });
  const [asked] = server.asked;
  expect(asked?.headers.authorization).toContain('Credential=id/');
  expect(JSON.parse(asked?.body ?? '')).toMatchObject({
    FromEmailAddress: SES.MAIL_FROM,
    ReplyToAddresses: ['help@honeydue.example'],
  });
  await server.close();
});

test('mails go by SMTP where MAIL_URL says so, and only where a runtime can', async () => {
  const inbox = await anInbox();
  const env = { ...B2, MAIL_FROM: SES.MAIL_FROM, MAIL_URL: `${inbox.url}?tls=none` };
  await made(env, { ...AT_THE_EDGE, smtp: smtpMail }).mail(aMail());
  expect(inbox.mails).toMatchObject([{ from: SES.MAIL_FROM }]);
  expect(() => outsidePorts({ ...SES, ...env })).toThrow('MAIL_URL names an SMTP server');
  expect(() => outsidePorts({ ...SES, MAIL_URL: 'https://mail.example' })).toThrow('MAIL_URL');
  expect(() => outsidePorts({ ...SES, MAIL_URL: '' })).not.toThrow();
});

test('whoever carries pushes is told of by the environment, wholly or not at all', async () => {
  expect(() => outsidePorts({ ...SES, FCM_SERVICE_ACCOUNT: '{"project_id":"p"}' })).toThrow('client_email');
  const log = () => {};
  expect(() => applePushFrom({ APNS_TOPIC: 'app.honeydue' }, log, AT_THE_EDGE.now)).toThrow('APNS_PRIVATE_KEY');
  // An iPhone's push that came to the edge all the same is not lost there.
  expect(await pushError(outsidePorts(SES).push(aPush('ios')))).toMatchObject({ kind: 'temporary' });
});

test('only a provider whose apps are named is asked at all', async () => {
  const server = await startServer(() => ({ json: { keys: [] } }));
  const urls = { APPLE_JWKS_URL: `${server.url}/apple`, GOOGLE_JWKS_URL: `${server.url}/google` };
  const { verifyIdentity } = outsidePorts({ ...SES, ...urls, GOOGLE_CLIENT_IDS: 'one,two' });
  const token = `${btoa('{"alg":"RS256","kid":"k"}')}.${btoa('{}')}.c2ln`.replaceAll('=', '');
  const now = '2026-03-07T15:00:00.000Z';
  await expect(verifyIdentity('apple', token, { now })).rejects.toMatchObject({ code: 'identity_unavailable' });
  expect(server.asked).toEqual([]);
  await expect(verifyIdentity('google', token, { now })).rejects.toMatchObject({ code: 'invalid_credentials' });
  expect(server.asked.map(({ path }) => path)).toEqual(['/google']);
  await server.close();
});

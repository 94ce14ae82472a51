import { expect, test } from 'vitest';
import { outsidePorts } from '../../adapters/outside.ts';
import { aMail } from '../mail/contract.ts';
import { startServer } from './local-server.ts';

const SES = {
  SES_REGION: 'us-east-1',
  SES_ACCESS_KEY_ID: 'id',
  SES_SECRET_ACCESS_KEY: 'secret',
  MAIL_FROM: 'honeyDue <home@honeydue.example>',
};

test('what is missing is missed at the door, by its name', () => {
  for (const name of Object.keys(SES)) {
    expect(() => outsidePorts({ ...SES, [name]: undefined })).toThrow(name);
  }
  expect(() => outsidePorts({ ...SES, SES_ENDPOINT: 'not an address' })).toThrow('SES_ENDPOINT');
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

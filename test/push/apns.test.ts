import { constants } from 'node:http2';
import getPort from 'get-port';
import { describe, expect, test } from 'vitest';
import { type Behaviour, hang, hangUp, refuse, resetWith, startApple, take } from '../../dev/push/apple.ts';
import { apnsPush } from '../../origin/apns.ts';
import { apnsTo, HASTY_MS, MINUTE_MS, optionsFor, standIn, urls } from './apple-client.ts';
import { aPush, type Carrier, type Fault, pushContract, pushError } from './contract.ts';

const BEHAVIOURS: Record<Exclude<Fault, 'is_away'>, Behaviour> = {
  throttles: refuse(429, 'TooManyRequests'),
  breaks: refuse(503, 'ServiceUnavailable'),
  refuses_us: refuse(403, 'InvalidProviderToken'),
  refuses_push: refuse(400, 'BadCollapseId'),
  knows_no_such_token: refuse(410, 'Unregistered', { timestamp: Date.now() - MINUTE_MS }),
  hangs: hang,
  hangs_up_after_taking: hangUp,
};

pushContract('APNs', 'ios', async (): Promise<Carrier> => {
  const apple = await startApple();
  const apns = apnsPush(optionsFor(apple));
  return {
    send: apns.send,
    received: () => apple.received,
    async sendWhereIt(fault) {
      const other = await standIn(fault === 'is_away' ? take : BEHAVIOURS[fault]);
      if (fault === 'is_away') return apnsTo(other, { urls: urls(`https://127.0.0.1:${await getPort()}`) }).send;
      return apnsTo(other, fault === 'hangs' ? { deadline_ms: HASTY_MS } : {}).send;
    },
    async stop() {
      await apns.close();
      await apple.stop();
    },
  };
});

describe('what Apple says', () => {
  test.each<[number, string, object]>([
    [400, 'BadDeviceToken', { kind: 'gone' }],
    [400, 'DeviceTokenNotForTopic', { kind: 'permanent' }],
    [400, 'BadExpirationDate', { kind: 'permanent' }],
    [400, 'TopicDisallowed', { kind: 'temporary' }],
    [403, 'InvalidProviderToken', { kind: 'temporary' }],
    [403, 'ExpiredProviderToken', { kind: 'temporary' }],
    [404, 'BadPath', { kind: 'temporary' }],
    [405, 'MethodNotAllowed', { kind: 'temporary' }],
    [410, 'ExpiredToken', { kind: 'gone' }],
    [413, 'PayloadTooLarge', { kind: 'permanent' }],
    [429, 'TooManyRequests', { kind: 'temporary', retry_after_s: null }],
    [429, 'TooManyProviderTokenUpdates', { kind: 'temporary', retry_after_s: 1200 }],
    [500, 'InternalServerError', { kind: 'temporary', retry_after_s: null }],
    [503, 'ServiceUnavailable', { kind: 'temporary' }],
    [503, 'Shutdown', { kind: 'temporary' }],
  ])('%i %s', async (status, reason, expected) => {
    const before = Date.now();
    const error = await pushError(apnsTo(await standIn(refuse(status, reason))).send(aPush('ios')));
    expect(error).toMatchObject({ ...expected, message: `APNs answered ${status} ${reason}` });
    if (error.kind === 'gone') expect(Date.parse(error.gone_since ?? '')).toBeGreaterThanOrEqual(before);
    else expect(error.gone_since).toBeNull();
  });

  test('410 since when the token is nobody’s', async () => {
    const apple = await standIn(refuse(410, 'Unregistered', { timestamp: Date.parse('2026-11-01T08:00:00.123Z') }));
    const error = await pushError(apnsTo(apple).send(aPush('ios')));
    expect(error).toMatchObject({ kind: 'gone', gone_since: '2026-11-01T08:00:00.123Z' });
  });

  test('503 with a pause', async () => {
    const apple = await standIn(refuse(503, 'ServiceUnavailable', { headers: { 'retry-after': '17' } }));
    expect(await pushError(apnsTo(apple).send(aPush('ios')))).toMatchObject({ kind: 'temporary', retry_after_s: 17 });
  });

  test.each<[string, number, string]>([
    ['no JSON', 502, '<html>Bad Gateway</html>'],
    ['nothing', 500, ''],
    ['JSON of another shape', 500, '{"reason":7}'],
  ])('%s: the status counts', async (_what, status, text) => {
    const apple = await standIn((stream) => {
      stream.respond({ ':status': status });
      stream.end(text);
    });
    const error = await pushError(apnsTo(apple).send(aPush('ios')));
    expect(error).toMatchObject({ kind: 'temporary', message: `APNs answered ${status}` });
  });

  test('an answer that breaks off is one', async () => {
    const apple = await standIn((stream) => {
      stream.respond({ ':status': 410 });
      stream.write('{"rea', () => stream.session?.destroy());
    });
    expect(await pushError(apnsTo(apple).send(aPush('ios')))).toMatchObject({ kind: 'gone' });
  });

  test.each<[string, number, string]>([
    ['refuses', constants.NGHTTP2_REFUSED_STREAM, 'temporary'],
    ['cancels', constants.NGHTTP2_CANCEL, 'uncertain'],
    ['breaks', constants.NGHTTP2_INTERNAL_ERROR, 'uncertain'],
    ['ends', constants.NGHTTP2_NO_ERROR, 'uncertain'],
  ])('a server that %s the stream', async (_what, code, kind) => {
    expect((await pushError(apnsTo(await standIn(resetWith(code))).send(aPush('ios')))).kind).toBe(kind);
  });
});

test('each of the two services is asked for its own tokens', async () => {
  const [production, sandbox] = [await standIn(), await standIn()];
  const apns = apnsTo(production, {
    key_id: production.key.key_id,
    urls: { production: production.url, sandbox: sandbox.url },
  });
  const error = await pushError(apns.send(aPush('ios', { environment: 'sandbox' })));
  expect(error.message).toContain('InvalidProviderToken'); // another key: it got there, and only there
  await apns.send(aPush('ios'));
  expect([production.received.length, production.sessions.length, sandbox.sessions.length]).toEqual([1, 1, 1]);
});

test('a push that is tried again is the same one to Apple', async () => {
  const ids: string[] = [];
  const apple = await standIn((stream, apns_id) => {
    ids.push(apns_id);
    take(stream, apns_id);
  });
  const apns = apnsTo(apple);
  const push = aPush('ios');
  expect(await apns.send(push)).toEqual(await apns.send(push));
  await apns.send({ ...push, token: aPush('ios').token });
  await apns.send({ ...push, message_key: 'another' });
  expect(new Set(ids).size).toBe(3);
  expect(ids[0]).toBe(ids[1]);
});

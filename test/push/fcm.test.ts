import getPort from 'get-port';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type FcmOptions, fcmPush } from '../../adapters/fcm.ts';
import {
  type Behaviour,
  breakOff,
  hang,
  hangUp,
  refuse,
  reset,
  say,
  startFirebase,
  take,
} from '../../dev/push/firebase.ts';
import { PUSH_CATEGORIES } from '../../domain/push.ts';
import { aPush, type Carrier, type Fault, pushContract, pushError } from './contract.ts';
import { startWorkerd } from './in-workerd.ts';

type Firebase = Awaited<ReturnType<typeof startFirebase>>;

const now = () => new Date().toISOString();
const optionsOf = ({ options }: Firebase, deadline_ms = 10_000): FcmOptions => ({ ...options, deadline_ms, now });
const HASTY_MS = 250;

const UNREGISTERED = refuse(404, 'NOT_FOUND', { code: 'UNREGISTERED', message: 'Requested entity was not found.' });
const BEHAVIOURS: Record<Exclude<Fault, 'is_away'>, Behaviour> = {
  throttles: refuse(429, 'RESOURCE_EXHAUSTED', { code: 'QUOTA_EXCEEDED' }),
  breaks: refuse(503, 'UNAVAILABLE', { code: 'UNAVAILABLE' }),
  refuses_us: refuse(403, 'PERMISSION_DENIED'),
  refuses_push: refuse(400, 'INVALID_ARGUMENT', {
    field: 'message.data[0].value',
    message: "Invalid value 'a secret line'",
  }),
  knows_no_such_token: UNREGISTERED,
  hangs: hang,
  hangs_up_after_taking: hangUp,
};

pushContract('FCM on Node', 'android', () => carrier({ fcmPush, stop: async () => {} }));
pushContract('FCM on workerd', 'android', async () => carrier(await startWorkerd()));

type Runtime = { fcmPush: typeof fcmPush; stop(): Promise<void> };

async function carrier({ fcmPush, stop }: Runtime): Promise<Carrier> {
  const firebase = await startFirebase();
  return {
    send: fcmPush(optionsOf(firebase)),
    received: () => firebase.received,
    async sendWhereIt(fault) {
      const other = await standIn(fault === 'is_away' ? take : BEHAVIOURS[fault]);
      const options = optionsOf(other, fault === 'hangs' ? HASTY_MS : undefined);
      return fcmPush(fault === 'is_away' ? { ...options, api_url: `http://127.0.0.1:${await getPort()}` } : options);
    },
    async stop() {
      await Promise.all([firebase.stop(), stop()]);
    },
  };
}

async function standIn(behave?: Behaviour): Promise<Firebase> {
  const firebase = await startFirebase(behave);
  onTestFinished(firebase.stop);
  return firebase;
}

test('Android is told what the buttons do', async () => {
  const firebase = await standIn();
  await fcmPush(optionsOf(firebase))(aPush('android', { category: 'task_due_recurring' }));
  await fcmPush(optionsOf(firebase))(aPush('android'));
  expect(firebase.received.map(({ actions }) => actions)).toEqual([
    PUSH_CATEGORIES.task_due_recurring.join(','),
    undefined,
  ]);
});

describe('what Firebase says', () => {
  const notAToken = 'The registration token is not a valid FCM registration token';
  test.each<[string, Behaviour, object, string]>([
    ['404 UNREGISTERED', UNREGISTERED, { kind: 'gone' }, '404 UNREGISTERED'],
    [
      '400 for a token that is none',
      refuse(400, 'INVALID_ARGUMENT', { code: 'INVALID_ARGUMENT', message: notAToken }),
      { kind: 'gone' },
      '400 INVALID_ARGUMENT',
    ],
    [
      '400 for the field of the token',
      refuse(400, 'INVALID_ARGUMENT', { field: 'message.token', message: 'Invalid registration' }),
      { kind: 'gone' },
      '400 INVALID_ARGUMENT message.token',
    ],
    [
      '400 for another field',
      refuse(400, 'INVALID_ARGUMENT', { code: 'INVALID_ARGUMENT', field: 'message.android.ttl' }),
      { kind: 'permanent', gone_since: null },
      '400 INVALID_ARGUMENT message.android.ttl',
    ],
    ['400 without a word', say(400, ''), { kind: 'permanent', gone_since: null }, '400'],
    [
      '403 SENDER_ID_MISMATCH',
      refuse(403, 'PERMISSION_DENIED', { code: 'SENDER_ID_MISMATCH' }),
      { kind: 'permanent', gone_since: null },
      '403 SENDER_ID_MISMATCH',
    ],
    ['403 for our account', BEHAVIOURS.refuses_us, { kind: 'temporary' }, '403 PERMISSION_DENIED'],
    ['404 of something else', say(404, '<html>Not found'), { kind: 'temporary', gone_since: null }, '404'],
    ['404 for our project', refuse(404, 'NOT_FOUND'), { kind: 'temporary', gone_since: null }, '404 NOT_FOUND'],
    [
      '429 that says when',
      refuse(429, 'RESOURCE_EXHAUSTED', { code: 'QUOTA_EXCEEDED', headers: { 'retry-after': '17' } }),
      { kind: 'temporary', retry_after_s: 17 },
      '429 QUOTA_EXCEEDED',
    ],
    ['429 that does not', BEHAVIOURS.throttles, { kind: 'temporary', retry_after_s: 60 }, '429 QUOTA_EXCEEDED'],
    ['500', refuse(500, 'INTERNAL', { code: 'INTERNAL' }), { kind: 'temporary', retry_after_s: null }, '500 INTERNAL'],
    ['502 of a gateway', say(502, '<html>'), { kind: 'temporary' }, '502'],
    [
      '503 with a pause',
      refuse(503, 'UNAVAILABLE', { code: 'UNAVAILABLE', headers: { 'retry-after': '9' } }),
      { kind: 'temporary', retry_after_s: 9 },
      '503 UNAVAILABLE',
    ],
    [
      '503 with a date',
      refuse(503, 'UNAVAILABLE', { headers: { 'retry-after': 'Sat, 21 Nov 2026 12:00:00 GMT' } }),
      { kind: 'temporary', retry_after_s: null },
      '503 UNAVAILABLE',
    ],
    ['504 of a gateway', say(504, ''), { kind: 'uncertain' }, '504'],
    ['a redirect', say(307, '', { location: 'http://127.0.0.1/' }), { kind: 'temporary' }, '307'],
  ])('%s', async (_name, behave, expected, sentence) => {
    const before = Date.now();
    const error = await pushError(fcmPush(optionsOf(await standIn(behave)))(aPush('android')));
    expect(error).toMatchObject({ ...expected, message: `FCM answered ${sentence}` });
    if (error.kind === 'gone') expect(Date.parse(error.gone_since ?? '')).toBeGreaterThanOrEqual(before);
  });

  test.each([
    ['200 that breaks off', breakOff(200)],
    ['200 without an id', say(200, '{}')],
    ['200 with no JSON', say(200, 'OK')],
    ['a reset', reset],
  ])('%s: it may have gone', async (_name, behave) => {
    const error = await pushError(fcmPush(optionsOf(await standIn(behave)))(aPush('android')));
    expect(error.kind).toBe('uncertain');
  });
});

test('Node knows when nothing was sent', async () => {
  const options = { ...optionsOf(await standIn()), api_url: `http://127.0.0.1:${await getPort()}` };
  const error = await pushError(fcmPush(options)(aPush('android')));
  expect(error).toMatchObject({ kind: 'temporary', message: expect.stringContaining('ECONNREFUSED') });
});

describe('the access token', () => {
  test('is one for many pushes', async () => {
    const firebase = await standIn();
    const send = fcmPush(optionsOf(firebase));
    for (let i = 0; i < 3; i++) await send(aPush('android'));
    expect(firebase.given).toBe(1);
  });

  test('is renewed when it ends', async () => {
    const firebase = await standIn();
    let now_ms = Date.now();
    firebase.clock = () => now_ms;
    const send = fcmPush({ ...optionsOf(firebase), now: () => new Date(now_ms).toISOString() });
    await send(aPush('android'));
    now_ms += 3600_000;
    firebase.valid.clear();
    await send(aPush('android'));
    expect([firebase.given, firebase.received.length]).toEqual([2, 2]);
  });

  test('is renewed once when it is refused before its time, and the push goes', async () => {
    const firebase = await standIn();
    const send = fcmPush(optionsOf(firebase));
    await send(aPush('android'));
    firebase.valid.clear();
    await send(aPush('android'));
    expect([firebase.given, firebase.received.length]).toEqual([2, 2]);
  });

  test('is not asked for again and again while Google takes none', async () => {
    const firebase = await standIn(refuse(401, 'UNAUTHENTICATED'));
    const error = await pushError(fcmPush(optionsOf(firebase))(aPush('android')));
    expect(error).toMatchObject({ kind: 'temporary', message: 'FCM answered 401 UNAUTHENTICATED' });
    expect(firebase.asked.map((path) => path.split('/').at(-1))).toEqual([
      'token',
      'messages:send',
      'token',
      'messages:send',
    ]);
  });

  test.each<[string, Behaviour]>([
    ['refuses', say(400, '{"error":"invalid_grant"}')],
    ['is broken', say(500, '<html>')],
    ['says nonsense', say(200, '{"access_token":""}')],
    ['hangs', hang],
    ['hangs up', hangUp],
  ])('while its endpoint %s nothing was sent, and that is sure', async (_what, tokens) => {
    const firebase = await standIn();
    firebase.tokens = tokens;
    const send = fcmPush(optionsOf(firebase, HASTY_MS));
    expect((await pushError(send(aPush('android')))).kind).toBe('temporary');
    expect(firebase.received).toEqual([]);
    firebase.tokens = undefined;
    await fcmPush(optionsOf(firebase))(aPush('android'));
    expect(firebase.received).toHaveLength(1);
  });
});

test('one push is one request, refused or not', async () => {
  for (const behave of [take, BEHAVIOURS.breaks, BEHAVIOURS.throttles, hangUp]) {
    const firebase = await standIn(behave);
    await fcmPush(optionsOf(firebase))(aPush('android')).catch(() => {});
    expect(firebase.received).toHaveLength(1);
  }
});

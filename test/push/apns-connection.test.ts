import { constants } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import getPort from 'get-port';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { hangUp, TOPIC, take } from '../../dev/push/apple.ts';
import { exchange } from '../../origin/apns/exchange.ts';
import { openLine } from '../../origin/apns/line.ts';
import { toNotification } from '../../origin/apns/notification.ts';
import { providerToken } from '../../origin/apns/token.ts';
import { apnsTo, HASTY_MS, holdNext, MINUTE_MS, standIn, urls } from './apple-client.ts';
import { aPush, pushError } from './contract.ts';
import { startFreezer } from './freezer.ts';

describe('the connection', () => {
  test('is one for all, from the first moment', async () => {
    const apple = await standIn();
    const apns = apnsTo(apple);
    await Promise.all(Array.from({ length: 200 }, () => apns.send(aPush('ios'))));
    expect([apple.received.length, apple.sessions.length, apple.tokens.size]).toEqual([200, 1, 1]);
  });

  test('a push that waits behind others at the deadline was not sent', async () => {
    const apple = await standIn();
    apple.maxConcurrentStreams = 1;
    const { came, answer } = holdNext(apple);
    const line = await openLine(apple.url, 10_000);
    onTestFinished(() => line.session.destroy());
    const now = new Date().toISOString();
    const authorization = `bearer ${await providerToken(apple.key).current(now)}`;
    const post = async (deadline_ms: number) => {
      const { headers, body } = toNotification(aPush('ios'), TOPIC, now);
      return await exchange(line, { ...headers, authorization, ':method': 'POST' }, body, deadline_ms);
    };
    const first = post(10_000);
    await came;
    await expect(post(HASTY_MS)).rejects.toMatchObject({ isUnprocessed: true });
    answer();
    expect((await first).status).toBe(200);
    apple.behave = take;
    expect((await post(10_000)).status).toBe(200);
    expect(apple.received).toHaveLength(2);
  });

  test('is left when Apple says so: what it took is answered, what it did not may go again', async () => {
    const apple = await standIn();
    const apns = apnsTo(apple);
    const { came, answer } = holdNext(apple);
    const taken = apns.send(aPush('ios'));
    await came;
    apple.behave = ({ session, id = 0 }) => session?.goaway(constants.NGHTTP2_NO_ERROR, id - 2);
    expect(await pushError(apns.send(aPush('ios')))).toMatchObject({ kind: 'temporary' });
    answer();
    expect((await taken).message_id).toMatch(/\S/);
    apple.behave = take;
    await apns.send(aPush('ios'));
    expect(apple.sessions).toHaveLength(2);
  });

  test.each([
    ['had taken the push', 0, 'uncertain'],
    ['had not', -2, 'temporary'],
  ] as const)('when Apple breaks it off with a reason and %s', async (_what, before, kind) => {
    const apple = await standIn();
    const apns = apnsTo(apple);
    await apns.send(aPush('ios'));
    apple.behave = ({ session, id = 0 }) =>
      session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, id + before, Buffer.from('{"reason":"Shutdown"}'));
    const error = await pushError(apns.send(aPush('ios')));
    expect(error).toMatchObject({ kind, message: expect.stringContaining('Shutdown') });
    apple.behave = take;
    await apns.send(aPush('ios'));
    expect(apple.sessions).toHaveLength(2);
  });

  test('is opened anew after it was lost', async () => {
    const apple = await standIn(hangUp);
    const apns = apnsTo(apple);
    await pushError(apns.send(aPush('ios')));
    apple.behave = take;
    await Promise.all([apns.send(aPush('ios')), apns.send(aPush('ios'))]);
    expect(apple.sessions).toHaveLength(2);
  });

  test('is opened again by the next push after it could not be', async () => {
    const port = await getPort();
    const apple = await standIn();
    const apns = apnsTo(apple, { urls: urls(`https://127.0.0.1:${port}`) });
    expect(await pushError(apns.send(aPush('ios')))).toMatchObject({
      kind: 'temporary',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    const relay = createServer((socket) => void socket.destroy()).listen(port, '127.0.0.1');
    onTestFinished(() => void relay.close());
    const error = await pushError(apns.send(aPush('ios')));
    expect(error.kind).toBe('temporary');
    expect(error.message).not.toContain('ECONNREFUSED');
  });

  test('that never comes about is given up in time, and nothing was sent', async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => void sockets.add(socket));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      mute.close();
    });
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const apns = apnsTo(await standIn(), { urls: urls(url), deadline_ms: HASTY_MS });
    const both = await Promise.all([pushError(apns.send(aPush('ios'))), pushError(apns.send(aPush('ios')))]);
    expect(both.map(({ kind }) => kind)).toEqual(['temporary', 'temporary']);
    expect(sockets.size).toBe(1);
  });

  test('to somebody who cannot prove to be Apple is none', async () => {
    const apple = await standIn();
    const apns = apnsTo(apple, { urls: urls(apple.url.replace('127.0.0.1', 'localhost')) });
    const error = await pushError(apns.send(aPush('ios')));
    expect(error).toMatchObject({ kind: 'temporary', message: expect.stringContaining('certificate') });
    expect(apple.received).toEqual([]);
  });

  test('closes after what is under way, at once if nothing is, and more than once', async () => {
    const apple = await standIn();
    const apns = apnsTo(apple);
    await apns.close();
    const { came, answer } = holdNext(apple);
    const sent = apns.send(aPush('ios'));
    await came;
    const closed = apns.close();
    answer();
    expect((await sent).message_id).toMatch(/\S/);
    await closed;
    await apns.close();
    expect(apple.sessions.every(({ destroyed, closed }) => destroyed || closed)).toBe(true);
  });
});

describe('a connection that went silent', () => {
  afterEach(() => vi.useRealTimers());

  /** Only the clock that tells how long a line was silent; timers and dates go on. */
  const anHourLater = () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    vi.advanceTimersByTime(60 * MINUTE_MS);
  };

  test('is asked whether it lives, and kept if it does', async () => {
    const apple = await standIn();
    const apns = apnsTo(apple);
    await apns.send(aPush('ios'));
    let pings = 0;
    apple.sessions[0]?.on('ping', () => pings++);
    anHourLater();
    await Promise.all(Array.from({ length: 20 }, () => apns.send(aPush('ios'))));
    expect([apple.sessions.length, pings]).toEqual([1, 1]);
  });

  test('is replaced before a push is lost in it', async () => {
    const apple = await standIn();
    const freezer = await startFreezer(apple.port);
    onTestFinished(freezer.stop);
    const apns = apnsTo(apple, { urls: urls(freezer.url) });
    await apns.send(aPush('ios'));
    freezer.freeze();
    anHourLater();
    await Promise.all([apns.send(aPush('ios')), apns.send(aPush('ios'))]);
    expect([apple.received.length, freezer.opened()]).toEqual([3, 2]);
    freezer.thaw();
    await vi.waitFor(() => expect(freezer.open()).toBe(1)); // the old one was given up, and is not kept beside the new
  });

  test('costs one push, and not the next, if it dies under one', async () => {
    const apple = await standIn();
    const freezer = await startFreezer(apple.port);
    onTestFinished(freezer.stop);
    const apns = apnsTo(apple, { urls: urls(freezer.url), deadline_ms: 4 * HASTY_MS });
    await apns.send(aPush('ios'));
    freezer.freeze();
    expect((await pushError(apns.send(aPush('ios')))).kind).toBe('uncertain');
    await apns.send(aPush('ios'));
    expect([apple.received.length, freezer.opened()]).toEqual([2, 2]);
  });
});

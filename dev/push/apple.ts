import { createSecureServer, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import * as z from 'zod';
import { localCertificate } from './certificate.ts';
import { keep, type Received } from './received.ts';

const TEAM = { team_id: 'TEAM123456', key_id: 'KEY1234567' };
export const TOPIC = 'app.honeydue';
const HOUR_MS = 3600_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type Behaviour = (stream: ServerHttp2Stream, apns_id: string) => void;
type Options = { port?: number; received?: Received[] };
type Complaint = { status: number; reason: string; timestamp?: number };

/** Apple's push service as it is described: HTTP/2 over TLS, tokens, headers and payload checked, one stream until it knows us. */
export async function startApple(first: Behaviour = take, { port: wanted = 0, received = [] }: Options = {}) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const apple = {
    behave: first,
    clock: () => Date.now(),
    received,
    tokens: new Set<string>(),
    /** How many it takes at a time from those it knows. */
    maxConcurrentStreams: 1000,
  };
  const sessions: Http2Session[] = [];
  const sockets = new Set<Socket>();
  const tokenOf = new WeakMap<Http2Session, { token: string; since_ms: number }>();

  const { key, cert } = await localCertificate();
  const server = createSecureServer({ key, cert, settings: { maxConcurrentStreams: 1 } });
  server.on('connection', (socket: Socket) => void sockets.add(socket.on('close', () => sockets.delete(socket))));
  server.on('session', (session) => void sessions.push(session.on('error', () => {})));
  server.on('stream', async (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {});
    const body = await text(stream).catch(() => null); // cut off by a test
    if (body === null) return;
    const wrong = (await tokenComplaint(stream, headers)) ?? headerComplaint(headers) ?? payloadComplaint(body);
    if (wrong) return refuse(wrong.status, wrong.reason)(stream, '');
    keep(received, receivedFrom(headers, body, apple.clock()));
    apple.behave(stream, `${headers['apns-id']}`);
  });

  async function tokenComplaint(
    { session }: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ): Promise<Complaint | null> {
    const now_ms = apple.clock();
    const [, token] = /^bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    if (!token || !session) return { status: 403, reason: 'MissingProviderToken' };
    const checks = {
      algorithms: ['ES256'],
      issuer: TEAM.team_id,
      requiredClaims: ['iat'],
      currentDate: new Date(now_ms),
    };
    const verified = await jwtVerify(token, publicKey, checks).catch(() => null);
    if (verified?.protectedHeader.kid !== TEAM.key_id) return { status: 403, reason: 'InvalidProviderToken' };
    if (now_ms - (verified.payload.iat ?? 0) * 1000 > HOUR_MS) return { status: 403, reason: 'ExpiredProviderToken' };
    const known = tokenOf.get(session);
    if (known && known.token !== token && now_ms - known.since_ms < HOUR_MS / 3)
      return { status: 429, reason: 'TooManyProviderTokenUpdates' };
    if (known?.token !== token) tokenOf.set(session, { token, since_ms: now_ms });
    if (!known) session.settings({ maxConcurrentStreams: apple.maxConcurrentStreams });
    apple.tokens.add(token);
    return null;
  }

  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(apple, {
    url: `https://127.0.0.1:${port}`,
    port,
    key: { ...TEAM, private_key: await exportPKCS8(privateKey) },
    sessions,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  });
}
export type Apple = Awaited<ReturnType<typeof startApple>>;

export const take: Behaviour = (stream, apns_id) => {
  stream.respond({ ':status': 200, 'apns-id': apns_id });
  stream.end();
};
export const refuse =
  (status: number, reason: string, more: { timestamp?: number; headers?: Record<string, string> } = {}): Behaviour =>
  (stream, apns_id) => {
    const { headers, ...rest } = more;
    stream.respond({ ':status': status, 'apns-id': apns_id, ...headers });
    stream.end(JSON.stringify({ reason, ...rest }));
  };
export const hang: Behaviour = () => {};
/** A reset of the one stream. */
export const resetWith =
  (code: number): Behaviour =>
  (stream) =>
    void stream.close(code);
export const hangUp: Behaviour = ({ session }) => void session?.destroy();

function headerComplaint(headers: IncomingHttpHeaders): Complaint | null {
  const is = (name: string, pattern: RegExp) => pattern.test(`${headers[name] ?? ''}`);
  if (headers[':method'] !== 'POST') return { status: 405, reason: 'MethodNotAllowed' };
  if (!is(':path', /^\/3\/device\/[^/]+$/)) return { status: 404, reason: 'BadPath' };
  if (!is(':path', /^\/3\/device\/[0-9a-f]{64,200}$/i)) return { status: 400, reason: 'BadDeviceToken' };
  if (headers['apns-topic'] === undefined) return { status: 400, reason: 'MissingTopic' };
  if (headers['apns-topic'] !== TOPIC) return { status: 400, reason: 'DeviceTokenNotForTopic' };
  if (!is('apns-push-type', /^alert$/)) return { status: 400, reason: 'InvalidPushType' };
  if (!is('apns-priority', /^(5|10)$/)) return { status: 400, reason: 'BadPriority' };
  if (!is('apns-expiration', /^\d{1,10}$/)) return { status: 400, reason: 'BadExpirationDate' };
  if (!is('apns-id', UUID)) return { status: 400, reason: 'BadMessageId' };
  if (!is('apns-collapse-id', /^.{1,64}$/)) return { status: 400, reason: 'BadCollapseId' };
  return null;
}

const Aps = z.strictObject({
  alert: z.strictObject({ title: z.string(), body: z.string() }),
  sound: z.literal('default'),
  category: z.string().optional(),
  badge: z.int().nonnegative().optional(),
  'thread-id': z.string().optional(),
});
const Payload = z.object({ aps: Aps }).catchall(z.string());

function payloadComplaint(body: string): Complaint | null {
  if (Buffer.byteLength(body) > 4096) return { status: 413, reason: 'PayloadTooLarge' };
  return Payload.safeParse(JSON.parse(body)).success ? null : { status: 400, reason: 'PayloadEmpty' };
}

function receivedFrom(headers: IncomingHttpHeaders, body: string, now_ms: number): Received {
  const { aps, ...data } = Payload.parse(JSON.parse(body));
  return {
    platform: 'ios',
    at: new Date(now_ms).toISOString(),
    token: `${headers[':path']}`.slice('/3/device/'.length),
    ...aps.alert,
    category: aps.category,
    badge: aps.badge,
    thread_id: aps['thread-id'],
    data,
    place: `${headers['apns-collapse-id']}`,
    life_s: Number(headers['apns-expiration']) - now_ms / 1000,
    payload_bytes: Buffer.byteLength(body),
  };
}

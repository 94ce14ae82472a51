import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import * as z from 'zod';
import { keep, type Received } from './received.ts';

const PROJECT = 'honeydue-local';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
/** Words that Firebase keeps to itself. */
const RESERVED = /^(from|to|notification|message_type|message_id|collapse_key|priority|time_to_live|(google|gcm).*)$/;

/** Made once: it takes a while. */
const keys = generateKeyPair('RS256', { extractable: true });

export type Behaviour = (response: ServerResponse, path: string) => void;

type Options = { port?: number; received?: Received[] };

/**
 * Google's OAuth token endpoint and Firebase's API: assertions, access tokens and messages are checked as they check
 * them. `GET /messages` shows what was kept, the newest first; with `?token=` what one device has.
 */
export async function startFirebase(first: Behaviour = take, { port = 0, received = [] }: Options = {}) {
  const { privateKey, publicKey } = await keys;
  const google = {
    behave: first,
    /** What the token endpoint does, if not its work. */
    tokens: undefined as Behaviour | undefined,
    clock: () => Date.now(),
    received,
    /** Access tokens that are taken, and all that were ever given. */
    valid: new Set<string>(),
    given: 0,
    asked: [] as string[],
  };
  const server = createServer(async (request, response) => {
    const path = `${request.method} ${request.url}`;
    const body = await text(request);
    if (path.startsWith('GET /messages')) return show(received, `${request.url}`, response);
    google.asked.push(path);
    if (path === 'POST /token')
      return google.tokens ? google.tokens(response, path) : await giveToken(request, body, response);
    if (path !== `POST /v1/projects/${PROJECT}/messages:send`) return say(404, '<html>404')(response, path);
    if (!google.valid.has(`${request.headers.authorization}`)) return refuse(401, 'UNAUTHENTICATED')(response, path);
    const { data: sent, error } = Body.safeParse(JSON.parse(body));
    if (!sent)
      return refuse(400, 'INVALID_ARGUMENT', { field: `message.${error.issues[0]?.path.join('.')}` })(response, path);
    keep(received, receivedFrom(sent.message, google.clock()));
    google.behave(response, path);
  });

  async function giveToken({ headers }: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(body);
    const checks = {
      algorithms: ['RS256'],
      audience: `${url}/token`,
      currentDate: new Date(google.clock()),
      maxTokenAge: '1h',
    };
    const isOurs = await jwtVerify(form.get('assertion') ?? '', publicKey, checks).then(
      ({ payload }) => payload.scope === SCOPE && payload.iss === account.client_email,
      () => false,
    );
    const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    const isGrant = form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    if (!isOurs || !isForm || !isGrant) return say(400, '{"error":"invalid_grant"}')(response, '');
    const access_token = `ya29.${++google.given}`;
    google.valid.add(`Bearer ${access_token}`);
    say(200, JSON.stringify({ access_token, expires_in: 3599, token_type: 'Bearer' }))(response, '');
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const account = {
    client_email: 'push@honeydue.iam.example',
    private_key: await exportPKCS8(privateKey),
    token_uri: `${url}/token`,
  };
  return Object.assign(google, {
    url,
    options: { project_id: PROJECT, service_account: account, api_url: url },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}

function show(received: Received[], url: string, response: ServerResponse): void {
  const token = new URL(url, 'http://localhost').searchParams.get('token');
  const messages = received.filter((message) => token === null || message.token === token).reverse();
  say(200, JSON.stringify({ messages }))(response, '');
}

let messages = 0;
export const take: Behaviour = (response, path) =>
  say(200, JSON.stringify({ name: `projects/${PROJECT}/messages/0:${++messages}` }))(response, path);

export const say =
  (status: number, body: string, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers }).end(body);

type Refusal = { code?: string; field?: string; message?: string; headers?: Record<string, string> };

/** As Google words it: a status of all its services, and in the details one of Firebase's own. */
export const refuse = (status: number, name: string, { code, field, message, headers }: Refusal = {}): Behaviour => {
  const details = [
    ...(code ? [{ '@type': FCM_ERROR, errorCode: code }] : []),
    ...(field
      ? [{ '@type': BAD_REQUEST, fieldViolations: [{ field, description: `Invalid value at '${field}'` }] }]
      : []),
  ];
  return say(
    status,
    JSON.stringify({ error: { code: status, message: message ?? name, status: name, details } }),
    headers,
  );
};

export const hang: Behaviour = () => {};
export const hangUp: Behaviour = (response) => void response.socket?.destroy();
export const reset: Behaviour = (response) => void response.socket?.resetAndDestroy();
export const breakOff =
  (status: number): Behaviour =>
  (response) => {
    response.writeHead(status, { 'content-length': '100' }).write('{"name":', () => response.socket?.destroy());
  };

const Data = z
  .record(
    z.string().refine((key) => !RESERVED.test(key)),
    z.string(),
  )
  .refine(
    (data) =>
      Object.entries(data)
        .flat()
        .reduce((size, word) => size + Buffer.byteLength(word), 0) <= 4096,
  );
const Body = z.strictObject({
  message: z.strictObject({
    token: z.string().min(1),
    data: Data,
    android: z.strictObject({ priority: z.enum(['HIGH', 'NORMAL']), ttl: z.string().regex(/^\d+s$/) }),
  }),
});

function receivedFrom({ token, data: sent, android }: z.infer<typeof Body>['message'], now_ms: number): Received {
  const { title = '', body = '', category, badge, thread_id, tag = '', message_key, actions, ...data } = sent;
  return {
    platform: 'android',
    at: new Date(now_ms).toISOString(),
    token,
    title,
    body,
    category,
    actions,
    badge: badge === undefined ? undefined : Number(badge),
    thread_id,
    data,
    place: tag,
    life_s: Number.parseInt(android.ttl, 10),
    payload_bytes: Buffer.byteLength(JSON.stringify(sent)),
  };
}

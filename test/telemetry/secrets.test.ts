import { expect } from 'vitest';
import { MailError } from '../../domain/mail.ts';
import { redacted } from '../../domain/telemetry/redaction.ts';
import { asAdmin, codeOf, operator } from '../admin/operator.ts';
import { testTogether as test } from '../home.ts';
import { upload } from '../uploads/storage.ts';
import { observed } from './observed.ts';
import { startReceiver } from './receiver.ts';

const PASSWORD = 'canary Zebra7 plum-orchard';
const EMAIL = 'canary.robin@example.com';
const PHONE = `fM3canary_Qy:APA91b${'canaryTOKEN9x'.repeat(9)}`;

test('no line, span or label says a secret, whatever goes well or wrong with it', async ({ world }) => {
  const receiver = await startReceiver();
  world.onClose(receiver.close);
  const { telemetry, log, printed, flush } = observed(receiver);
  Object.assign(world.ports, { telemetry, log });
  const canaries: Record<string, string> = { password: PASSWORD, email: EMAIL, push: PHONE };
  const post = (path: string, body: object, more = {}) => world.send('POST', path, null, body, more);

  const account = { username: 'canary_robin', email: EMAIL, password: PASSWORD };
  const registered = await post('/api/auth/register/', account);
  expect(registered.status).toBe(201);
  canaries.token = registered.body.token;
  const by = { user_id: 0, username: account.username, token: registered.body.token };
  const workOff = async () => {
    await world.rows('update outbox set run_at = now(), lease_until = null where done_at is null and dead_at is null');
    const waiting = await world.rows('select id::int from outbox where done_at is null and dead_at is null');
    await world.deliver(waiting.map(({ id }) => ({ event_id: id })));
  };
  await workOff();
  canaries.verification = /^\d{6}$/m.exec(world.mails.at(-1)?.text ?? '')?.[0] ?? '';
  await post('/api/auth/login/', { username: account.username, password: `${PASSWORD}!` });
  await post('/api/auth/forgot-password/', { email: EMAIL });

  // The carrier refuses it, and says whose and what.
  const { mail } = world.ports;
  world.ports.mail = async (letter) => {
    throw new MailError(
      'temporary',
      `550 <${letter.to}>: ${letter.subject} https://api.example.com/x?token=${by.token}`,
    );
  };
  await workOff();
  world.ports.mail = mail;
  await workOff();
  canaries.reset = /^\d{6}$/m.exec(world.mails.at(-1)?.text ?? '')?.[0] ?? '';
  expect(canaries.reset).not.toBe('');
  await post('/api/auth/verify-reset-code/', { email: EMAIL, code: canaries.reset });

  const { owner, residence_id } = await world.home();
  canaries.session = owner.token;
  const shared = await world.send('POST', `/api/residences/${residence_id}/share-code/`, owner);
  canaries.share = shared.body.code;
  for (const who of [by, owner]) await world.send('POST', '/api/residences/join/', who, { code: canaries.share });
  const promised = await upload(world, owner, new Uint8Array([0x89, 0x50, 0x4e, 0x47]));
  canaries.presigned = new URL(promised.url).searchParams.get('X-Amz-Signature') ?? '';
  const device = await world.send('POST', '/api/notifications/devices/', owner, { platform: 'android', token: PHONE });
  expect([shared.status, device.status]).toEqual([201, 201]);

  const admin = await operator(world);
  const totp = codeOf(admin);
  Object.assign(canaries, { totp, admin: admin.password, admin_email: admin.email });
  await asAdmin(world, 'POST', 'login/', null, { email: admin.email, password: admin.password, totp });
  await asAdmin(world, 'POST', 'login/', null, { email: admin.email, password: 'wrong', totp });

  // What nobody foresaw says everything that it has.
  const said = `Failed query: insert into x\nparams: ${PASSWORD},${EMAIL}`;
  const cause = new Error(
    `Key (email)=(${EMAIL}) at ${promised.url} for ${PHONE}, code ${canaries.reset} and ${canaries.share}`,
  );
  const batch = () => Promise.reject(new Error(said, { cause }));
  const db = new Proxy(world.ports.db, { get: (of, name) => (name === 'batch' ? batch : Reflect.get(of, name)) });
  const crashed = await world.send('GET', '/api/auth/me/', owner, undefined, { ports: { db } });
  expect(crashed.status).toBe(500);
  await flush();

  expect(Object.values(canaries).every((canary) => typeof canary === 'string' && canary.length >= 6)).toBe(true);
  const events = printed.map((line) => JSON.parse(line).event);
  expect(events).toEqual(expect.arrayContaining(['request', 'job', 'job.failed', 'request.crashed', 'span']));
  const paths = new Set(receiver.got.map(({ path }) => path));
  expect(paths).toEqual(new Set(['/v1/traces', '/loki/api/v1/push', '/internal/metrics']));
  const everything = [...printed, ...receiver.got.map(({ body }) => body)];
  for (const [name, canary] of Object.entries(canaries)) {
    // Six digits are in many numbers; a code stands alone.
    const isCode = /^\d{6}$/.test(canary);
    const isSaid = (text: string) =>
      isCode ? new RegExp(`(?<![\\w.-])${canary}(?![\\w.-])`).test(text) : text.includes(canary);
    expect(everything.filter(isSaid), name).toEqual([]);
  }
  // And still says what happened, to whom.
  expect(printed.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({
      level: 'error',
      event: 'request.crashed',
      request_id: crashed.headers.get('x-request-id'),
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      error: expect.stringContaining('Failed query: insert into x'),
    }),
  );
});

test('each request is one line, with who asked, and each job one with the request that it came from', async ({
  world,
}) => {
  const receiver = await startReceiver();
  world.onClose(receiver.close);
  const { telemetry, log, printed, flush } = observed(receiver);
  Object.assign(world.ports, { telemetry, log });
  const { owner, residence_id } = await world.home();
  const headers = { 'x-request-id': 'line-1' };
  await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'Rake' }, { headers });
  await world.send('GET', '/api/tasks/', owner, undefined, { headers: { 'x-request-id': 'line-2' } });
  await world.send('GET', '/api/tasks/', null, undefined, { headers: { 'x-request-id': 'line-3' } });
  const [{ id }] = await world.rows('select id::int from outbox order by id desc limit 1');
  await world.deliver([{ event_id: id }]);
  await flush();
  const lines = printed.map((line) => JSON.parse(line));
  const common = {
    at: expect.any(String),
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    duration_ms: expect.any(Number),
  };
  const route = '/api/tasks';
  expect(lines.filter(({ event }) => event === 'request')).toMatchObject([
    { ...common, request_id: 'line-1', user_id: owner.user_id, method: 'POST', route, status: 201, trips: 1 },
    { ...common, request_id: 'line-2', user_id: owner.user_id, method: 'GET', route, status: 200, trips: 1 },
    { ...common, request_id: 'line-3', user_id: null, method: 'GET', route, status: 401, trips: 0 },
  ]);
  expect(lines.filter(({ event }) => event === 'job')).toMatchObject([
    {
      ...common,
      request_id: 'line-1',
      user_id: null,
      type: 'task.created',
      event_id: id,
      status: 'done',
      trips: expect.any(Number),
    },
  ]);
  const [pushed] = receiver.got.filter(({ path }) => path === '/loki/api/v1/push');
  expect(pushed?.headers.authorization).toBe(`Basic ${btoa('loki:secret')}`);
  const { streams } = JSON.parse(pushed?.body ?? '{}');
  expect(streams[0].stream).toEqual({ service_name: 'honeydue', runtime: 'edge', level: 'info' });
  expect(streams[0].values[0]).toEqual([expect.stringMatching(/^\d{19}$/), expect.stringMatching(/^{"at":/)]);
});

test('ids stay readable, and what is nested or an error code is what it was', () => {
  const fields = {
    request_id: '0123456789012345678901234567890123456789',
    code: 'database_unavailable',
    object_key: `completion/${crypto.randomUUID()}`,
    event_id: 123456,
    held: [{ token: 'x', route: '/api/tasks/:id{[0-9]+}' }],
    release: 'a'.repeat(40),
  };
  expect(redacted(fields)).toEqual({ ...fields, held: [{ token: '…', route: '/api/tasks/:id{[0-9]+}' }] });
});

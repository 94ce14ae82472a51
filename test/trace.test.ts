import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { expect } from 'vitest';
import { observatoryFrom } from '../adapters/observatory.ts';
import { startObservatory } from '../dev/observatory.ts';
import { Traced } from '../domain/trace.ts';
import { asAdmin, signedIn } from './admin/operator.ts';
import { startWatchers } from './admin/watchers.ts';
import { appUrl } from './database.ts';
import { testTogether as test, type World } from './home.ts';
import { observed } from './telemetry/observed.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PHONE = '00f067aa0ba902b7';
const DEADLINE_MS = 500;

const ask = async (world: World, env: Record<string, string>, id: string) => {
  const { cookie } = await signedIn(world, 'support');
  const ports = { observatory: observatoryFrom(env, DEADLINE_MS) };
  const { status, body } = await asAdmin(world, 'GET', `trace/?id=${encodeURIComponent(id)}`, cookie, undefined, {
    ports,
  });
  expect(status).toBe(200);
  return Traced.parse(body);
};

/** `npm run trace`, but for what it installs. */
const command = async (env: Record<string, string>, ...args: string[]) => {
  const options = { env: { PATH: process.env.PATH ?? '', ...env } };
  return await new Promise<{ stdout: string; stderr: string; code: unknown }>((resolve) => {
    execFile(process.execPath, ['dev/trace.ts', ...args], options, (error, stdout, stderr) =>
      resolve({ stdout, stderr, code: error?.code ?? 0 }),
    );
  });
};

test('a request id, or its trace, leads to lines, spans, audit rows and events with what became of them', async ({
  world,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-trace-'));
  const log = join(folder, 'edge.log');
  const store = await startObservatory({
    port: await getPort(),
    file: join(folder, 'traces.log'),
    logs: { edge: log },
  });
  world.onClose(store.stop);
  world.onClose(async () => rmSync(folder, { recursive: true }));
  const own = observed(store);
  const { telemetry, log: print } = own;
  Object.assign(world.ports, { telemetry, log: print });
  const { owner, residence_id } = await world.home();
  const headers = { traceparent: `00-${TRACE}-${PHONE}-01`, 'x-request-id': 'phone-7.f+3a=' };
  const made = await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'Rake' }, { headers });
  expect(made.status).toBe(201);
  const [event] = await world.rows('select id::int from outbox order by id desc limit 1');
  await world.rows(
    `insert into notifications_delivery (event_id, channel, user_id, result, error)
    values ($1, 'push', $2, 'refused', 'no such token')`,
    [event.id, owner.user_id],
  );
  await world.deliver([{ event_id: event.id }]);
  const refused = await world.send('POST', '/api/tasks/', owner, { residence_id });
  expect(refused.status).toBe(400);
  // As Miniflare prints them, others between.
  appendFileSync(log, ['Ready on …', ...own.printed, ''].join('\n'));
  await own.flush();

  const env = { LOKI_QUERY_URL: store.url, TEMPO_URL: store.url };
  const byRequest = await ask(world, env, 'phone-7.f+3a=');
  expect(byRequest).toMatchObject({ request_ids: ['phone-7.f+3a='], trace_ids: [TRACE] });
  expect(byRequest.lines.found?.map(({ event, runtime }) => [event, runtime])).toEqual([
    ['request', 'edge'],
    ['job', 'edge'],
  ]);
  const spans = byRequest.spans.found ?? [];
  expect(spans[0]).toMatchObject({ name: 'POST /api/tasks', depth: 0, parent_id: PHONE, runtime: 'edge' });
  expect(spans.find(({ name }) => name === 'job task.created')).toMatchObject({
    depth: 1,
    parent_id: spans[0]?.span_id,
  });
  expect(spans.length).toBeGreaterThan(3);
  expect(byRequest.audit).toMatchObject([{ action: 'created', target_type: 'task', actor: owner.username }]);
  expect(byRequest.events).toMatchObject([
    { id: event.id, type: 'task.created', state: 'done', trace_id: TRACE, deliveries: [{ error: 'no such token' }] },
  ]);
  for (const id of [TRACE, headers.traceparent]) {
    expect(await ask(world, env, id)).toEqual({ ...byRequest, id });
  }

  // A refused request leaves nothing but its line and its spans: the line leads from the one to the other.
  const failed = await ask(world, env, refused.body.request_id);
  expect(failed.lines.found).toMatchObject([{ event: 'request', fields: { status: 400, user_id: null } }]);
  expect(failed.spans.found?.[0]).toMatchObject({ name: 'POST /api/tasks', trace_id: failed.trace_ids[0] });
  expect([failed.audit, failed.events]).toEqual([[], []]);
  const [trace_id = ''] = failed.trace_ids;
  expect((await ask(world, env, trace_id)).request_ids).toContain(refused.body.request_id);

  // The command says the same, as a tree; what is away or not set up is named, and the rest is there.
  const elsewhere = { TEMPO_URL: store.url, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' };
  const [shown, left, nothing] = await Promise.all([
    command({ ...env, DATABASE_URL: appUrl(world.name) }, 'phone-7.f+3a='),
    command(elsewhere, TRACE, '--json'),
    command(env, 'nobody-asked'),
  ]);
  expect(shown).toMatchObject({ stderr: '', code: 0 });
  const [head = '', tree = ''] = shown.stdout.split('\n\n');
  expect(head).toContain(`trace     ${TRACE}\nlog       2 lines\n`);
  const lies = (line: string) => line.slice(14).search(/(?<=^\w+ +)\S/);
  const lines = tree.trimEnd().split('\n');
  const at = (text: string) => lies(lines.find((line) => line.includes(text)) ?? '');
  const attempt = `job task.created · `;
  expect(lines[0]).toMatch(/span {3}POST \/api\/tasks · [\d.]+ ms · edge · status_code 201$/);
  // What the request has said, changed and left behind lies in its span, and so does what was told of it in turn.
  const inside = ['request method=POST', `user #${owner.user_id} (${owner.username}) created task #`, attempt];
  expect(inside.map(at)).toEqual([2, 2, 2].map((deeper) => lies(lines[0] ?? '') + deeper));
  expect(at(`#${event.id} task.created: done, 1 attempt`)).toBe(at(attempt));
  expect(at(`push to user #${owner.user_id}: refused, no such token`)).toBe(at(attempt) + 2);
  expect(at('job event_id=')).toBe(at(attempt) + 2);

  expect(left).toMatchObject({ code: 0, stderr: expect.stringMatching(/^database: /) });
  expect(JSON.parse(left.stdout)).toMatchObject({
    lines: { state: 'not_configured' },
    spans: { state: 'ok' },
    database: 'no_answer',
    request_ids: ['phone-7.f+3a='],
  });
  expect([nothing.code, nothing.stdout]).toEqual([1, expect.stringContaining('database  not set up (DATABASE_URL)')]);
});

test('Tempo and Loki are read as they write: ids in base64, streams by label; the window is that of the rows', async ({
  world,
}) => {
  const { owner, residence_id } = await world.home();
  const request_id = crypto.randomUUID();
  await world.send(
    'POST',
    '/api/tasks/',
    owner,
    { residence_id, title: 'Rake' },
    { headers: { 'x-request-id': request_id } },
  );
  const [{ trace_id, at }] = await world.rows(
    `select substr(traceparent, 4, 32) as trace_id, created_at as at from outbox where request_id = $1`,
    [request_id],
  );
  const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
  const span = (spanId: string, parentSpanId: string, start: string, more = {}) => ({
    traceId: base64(trace_id),
    spanId: base64(spanId),
    ...(parentSpanId && { parentSpanId: base64(parentSpanId) }),
    kind: 'SPAN_KIND_SERVER',
    startTimeUnixNano: start,
    endTimeUnixNano: `${BigInt(start) + 1_500_000n}`,
    ...more,
  });
  const failed = {
    status: { code: 'STATUS_CODE_ERROR', message: '503' },
    attributes: [{ key: 'n', value: { intValue: '3' } }],
  };
  const batch = (runtime: string, ...spans: object[]) => ({
    resource: { attributes: [{ key: 'honeydue.runtime', value: { stringValue: runtime } }] },
    scopeSpans: [{ scope: { name: 'honeydue' }, spans }],
  });
  const line = { at: '2026-03-07T15:00:00.000Z', level: 'error', event: 'request', request_id, trace_id, status: 503 };
  const watchers = await startWatchers({
    [`/api/traces/${trace_id}`]: {
      batches: [
        batch('origin', span('b'.repeat(16), 'a'.repeat(16), '1772895600002000000', { name: 'insert', status: {} })),
        batch('edge', span('a'.repeat(16), '', '1772895600001000000', { name: 'POST', ...failed })),
      ],
    },
    '/loki/api/v1/query_range': {
      status: 'success',
      data: {
        resultType: 'streams',
        result: [
          { stream: { runtime: 'edge', level: 'error' }, values: [['1772895600000000000', JSON.stringify(line)]] },
          { stream: { runtime: 'edge', level: 'info' }, values: [['1', 'not one of ours']] },
        ],
        stats: {},
      },
    },
  });
  world.onClose(watchers.close);
  const env = { LOKI_QUERY_URL: watchers.url, LOKI_QUERY_AUTH: 'a:b', TEMPO_URL: watchers.url };
  const found = await ask(world, env, request_id);
  expect(found.spans.found).toMatchObject([
    {
      trace_id,
      span_id: 'a'.repeat(16),
      parent_id: null,
      depth: 0,
      error: '503',
      ms: 1.5,
      runtime: 'edge',
      attributes: { n: 3 },
    },
    { span_id: 'b'.repeat(16), parent_id: 'a'.repeat(16), depth: 1, error: null, runtime: 'origin' },
  ]);
  expect(found.lines.found).toEqual([
    { at: line.at, runtime: 'edge', level: 'error', event: 'request', fields: { request_id, trace_id, status: 503 } },
  ]);
  const [asked, ...others] = watchers.asked.filter(({ path }) => path === '/loki/api/v1/query_range');
  expect(others).toEqual([]);
  expect(asked?.authorization).toBe(`Basic ${btoa('a:b')}`);
  expect(asked?.query.get('query')).toBe(`{service_name="honeydue"} |~ "${request_id}|${trace_id}"`);
  const start_ms = Number(BigInt(asked?.query.get('start') ?? 0) / 1_000_000n);
  expect(at.getTime() - start_ms).toBe(600_000);

  watchers.answers['/loki/api/v1/query_range'] = 'hangs';
  watchers.answers['/api/traces/'] = 500;
  delete watchers.answers[`/api/traces/${trace_id}`];
  const began = performance.now();
  const left = await ask(world, env, request_id);
  expect(performance.now() - began).toBeLessThan(3 * DEADLINE_MS);
  expect(left).toMatchObject({
    lines: { state: 'no_answer' },
    spans: { state: 'no_answer' },
    events: [{ type: 'task.created' }],
  });
});

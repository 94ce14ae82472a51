import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Edge, localVars, startEdge } from '../dev/edge.ts';
import { startNeonEndpoint } from '../dev/neon-endpoint.ts';
import type { Part } from '../dev/part.ts';
import { startInbox } from '../dev/parts.ts';
import { appUrl, createHoneydueDatabase, ownerUrl, type TestDatabase } from './database.ts';

type Answer = { status: number; body: unknown; headers: Headers };
type Runtime = { name: string; url: string; rows(query: string): Promise<Record<string, unknown>[]> };

const closing: (() => Promise<unknown>)[] = [];
const runtimes: Runtime[] = [];
let inbox: Part;

beforeAll(async () => {
  const [atEdge, atOrigin] = [await createHoneydueDatabase(), await createHoneydueDatabase()];
  const endpoint = await startNeonEndpoint({ port: await getPort() });
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-runtimes-'));
  inbox = await startInbox(await getPort(), join(folder, 'inbox.log'));
  const vars = { SES_ENDPOINT: inbox.address };
  const edge: Edge = await startEdge({
    port: await getPort(),
    databaseUrl: appUrl(atEdge.name),
    neonEndpoint: endpoint.url,
    vars,
  });
  const origin = await startOrigin(appUrl(atOrigin.name), vars);
  runtimes.push(await described('workerd', edge.url, atEdge), await described('node', origin.url, atOrigin));
  closing.push(
    () => edge.close(),
    () => origin.close(),
    () => endpoint.close(),
    () => inbox.stop(),
    async () => rmSync(folder, { recursive: true, force: true }),
    atEdge.drop,
    atOrigin.drop,
  );
});

afterAll(async () => {
  for (const close of closing) await close();
});

async function described(name: string, url: string, database: TestDatabase): Promise<Runtime> {
  const client = new Client({ connectionString: ownerUrl(database.name) });
  await client.connect();
  closing.push(() => client.end());
  return { name, url: url.replace(/\/$/, ''), rows: async (query) => (await client.query(query)).rows };
}

async function startOrigin(databaseUrl: string, vars: Record<string, string>) {
  const port = await getPort();
  const env = {
    ...process.env,
    ...localVars(),
    ...vars,
    DATABASE_URL: databaseUrl,
    PORT: `${port}`,
    HOST: '127.0.0.1',
    POOL_WARM: '3',
  };
  const child: ChildProcess = spawn(process.execPath, ['origin/server.ts'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  await vi.waitUntil(() => output.includes('origin.listening'), 20_000);
  expect(output).toMatch(/"event":"pool.warm","opened":3,"ms":\d+/);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const close = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

async function send(
  { url }: Runtime,
  method: string,
  path: string,
  token: string,
  input?: unknown,
  more: object = {},
): Promise<Answer> {
  const headers = {
    authorization: `Token ${token}`,
    'content-type': 'application/json',
    'x-request-id': 'same',
    ...more,
  };
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    body: input === undefined ? undefined : JSON.stringify(input),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}

/** What differs by run and not by runtime is made alike. */
const alike = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replace(/hd_[\w-]{43}/g, 'hd_token')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'moment')
      .replace(/"latency_ms":[\d.]+/g, '"latency_ms":1'),
  );

/** A family's first day, in requests. */
async function firstDay(runtime: Runtime): Promise<unknown[]> {
  const day: [number, unknown][] = [];
  const ask = async (method: string, path: string, token = '', input?: unknown, more: object = {}) => {
    const { status, body } = await send(runtime, method, path, token, input, more);
    day.push([status, alike(body)]);
    return body as never as { token: string; id: number; data: { id: number } };
  };
  const ann = { username: 'ann', email: 'ann@example.com', password: 'correct horse 7' };
  await ask('GET', '/api/health/');
  await ask('GET', '/api/health/ready/');
  await ask('GET', '/api/static_data/');
  await ask('POST', '/api/auth/register/', '', ann);
  await ask('POST', '/api/auth/register/', '', { ...ann, email: 'no' });
  await ask('POST', '/api/auth/login/', '', { ...ann, password: 'wrong' });
  const { token } = await ask('POST', '/api/auth/login', '', ann);
  await ask('PATCH', '/api/auth/me/', token, { timezone: 'America/Chicago' });
  const { id } = await ask('POST', '/api/residences/', token, { name: 'Maple House' });
  const task = { residence_id: id, title: 'Change the filter', frequency_id: 5, due_date: '2026-01-31' };
  const { data } = await ask('POST', '/api/tasks/', token, task, { 'idempotency-key': 'one' });
  await ask('POST', '/api/tasks/', token, task, { 'idempotency-key': 'one' });
  await ask('POST', '/api/tasks/', token, { ...task, title: 'y' }, { 'idempotency-key': 'one' });
  await ask('POST', '/api/tasks/', token, { residence_id: id });
  await ask('PUT', `/api/tasks/${data.id}/`, token, {
    title: 'Filter',
    schedule: 'fixed',
    frequency_id: 5,
    due_date: '2026-01-31',
  });
  await ask('PATCH', `/api/tasks/${data.id}/`, token, { title: 'x' }, { 'if-match': '"99.0123456789abcdef"' });
  await ask('POST', `/api/tasks/${data.id}/mark-in-progress/`, token);
  await ask('POST', '/api/task-completions/', token, { task_id: data.id, completed_at: '2026-02-10T12:00:00Z' });
  await ask('GET', '/api/tasks/', token, undefined, { 'x-timezone': '+09:00' });
  await ask('GET', '/api/tasks/?column=upcoming_tasks', token);
  await ask('GET', '/api/nowhere/', token);
  await ask('DELETE', `/api/tasks/${data.id}/`, token);
  await ask('GET', `/api/tasks/${data.id}/`, token);
  await ask('DELETE', `/api/residences/${id}/`, token);
  await ask('POST', '/api/auth/logout/', token);
  await ask('GET', '/api/auth/me/', token);
  await ask('POST', '/api/auth/forgot-password/', '', { email: ann.email });
  await ask('POST', '/api/auth/verify-reset-code/', '', { email: ann.email, code: '000000' });
  await ask('POST', '/api/auth/apple-sign-in/', '', { identity_token: 'x' });
  const { token: last } = await ask('POST', '/api/auth/login', '', ann);
  await ask('DELETE', '/api/auth/account/?dry_run=true', last);
  await ask('DELETE', '/api/auth/account/', last, { password: 'wrong' });
  await ask('DELETE', '/api/auth/account/', last, { password: ann.password });
  await ask('GET', '/api/auth/me/', last);
  return day;
}

test('the same requests get the same answers on workerd and on Node', async () => {
  const [edge, origin] = await Promise.all(runtimes.map(firstDay));
  expect(edge).toEqual(origin);
  const statuses = (edge as [number, unknown][]).map(([status]) => status);
  expect(statuses).toEqual([
    200, 200, 200, 201, 400, 401, 200, 200, 201, 201, 201, 422, 400, 200, 412, 200, 201, 200, 200, 404, 204, 404, 204,
    204, 401, 200, 400, 503, 200, 200, 400, 204, 401,
  ]);
});

test('a task becomes a notification, through the queue at the edge and in process at the origin', async () => {
  for (const runtime of runtimes) {
    const register = async (username: string) => {
      const input = { username, email: `${username}@example.com`, password: 'correct horse 7' };
      return (await send(runtime, 'POST', '/api/auth/register/', '', input)).body as {
        token: string;
        user: { id: number };
      };
    };
    const [bob, eve] = [await register('bob'), await register('eve')];
    const home = (await send(runtime, 'POST', '/api/residences/', bob.token, { name: 'Oak' })).body as { id: number };
    await runtime.rows(
      `insert into residence_residence_users (residence_id, user_id, role) values (${home.id}, ${eve.user.id}, 'member')`,
    );
    await send(runtime, 'POST', '/api/tasks/', bob.token, { residence_id: home.id, title: 'Rake the leaves' });
    const told = () => runtime.rows(`select body from notifications_notification where user_id = ${eve.user.id}`);
    await vi.waitUntil(async () => (await told()).length > 0, 15_000);
    expect(await told(), runtime.name).toEqual([{ body: 'Rake the leaves · Oak' }]);
    await vi.waitUntil(
      async () => (await runtime.rows('select from outbox where done_at is null')).length === 0,
      15_000,
    );
  }
});

test('a registration becomes one mail whose code proves the address, through the queue, SES and the inbox', async () => {
  for (const runtime of runtimes) {
    const email = `kim@${runtime.name}.example`;
    const input = { username: 'kim', email, password: 'correct horse 7' };
    const made = await send(runtime, 'POST', '/api/auth/register/', '', input);
    const { token } = made.body as { token: string };
    const [mail] = await vi.waitUntil(async () => notNone(await mailsTo(email)), 15_000);
    const code = /^\d{6}$/m.exec(mail?.body.text ?? '')?.[0];
    const verified = await send(runtime, 'POST', '/api/auth/verify-email/', token, { code });
    expect(verified, runtime.name).toMatchObject({ status: 200, body: { email, is_verified: true } });
    await vi.waitUntil(
      async () => (await runtime.rows('select from outbox where done_at is null')).length === 0,
      15_000,
    );
    const texts = (await mailsTo(email)).map(({ body }) => body.text);
    expect(
      texts.filter((text) => /^\d{6}$/m.test(text)),
      runtime.name,
    ).toHaveLength(1);
  }
});

type Received = { destination: { to: string[] }; body: { text: string } };

async function mailsTo(address: string): Promise<Received[]> {
  const { emails } = (await (await fetch(`${inbox.address}/store`)).json()) as { emails: Received[] };
  return emails.filter(({ destination }) => destination.to.includes(address));
}

const notNone = <T>(list: T[]): T[] | false => list.length > 0 && list;

test('the landing page, the documentation and the document are served by both', async () => {
  for (const { url, name } of runtimes) {
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/api/docs/', 'text/html'],
      ['/api/openapi.json', 'application/json'],
      ['/favicon.svg', 'image/svg'],
    ]) {
      const response = await fetch(url + path);
      await response.arrayBuffer();
      expect([response.status, response.headers.get('content-type')], `${name} ${path}`).toEqual([
        200,
        expect.stringContaining(type ?? ''),
      ]);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    const missing = await fetch(`${url}/no-such-page`);
    expect(missing.status, name).toBe(404);
    expect(await missing.text()).toContain('<html');
  }
});

test('a body that is too large is refused by both without being kept', async () => {
  for (const runtime of runtimes) {
    const { status } = await send(runtime, 'POST', '/api/auth/login/', '', { username: 'x'.repeat(3 * 1024 * 1024) });
    expect(status, runtime.name).toBe(413);
  }
});

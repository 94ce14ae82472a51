import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const SOON = { timeout: 15_000, interval: 100 };

let folder: string;
let stack: ChildProcess;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'honeydue-stack-'));
  printed = '';
  stack = spawn(process.execPath, ['dev/start.ts'], { env: { ...process.env, HONEYDUE_LOCAL: folder } });
  for (const output of [stack.stdout, stack.stderr]) output?.on('data', (chunk) => (printed += chunk));
});

afterEach(async () => {
  if (stack.exitCode === null && stack.signalCode === null) {
    const exited = new Promise((resolve) => stack.once('exit', resolve));
    stack.kill('SIGTERM');
    await exited;
  }
  rmSync(folder, { recursive: true, force: true });
});

test('npm start runs everything, tells the family of a new task, and leaves nothing behind', async () => {
  const parts = await vi.waitFor(readStackFile, SOON);
  const { api, origin, inbox, s3, neon_http, database_url } = parts;
  await vi.waitUntil(() => printed.includes('Ready in'), SOON);
  expect(parts).toMatchObject({ admin: null, redis_rest: null, contact_api_key: null, support_email: null });

  for (const runtime of [api, origin]) {
    expect(await answer(`${runtime}/api/health/ready/`)).toMatchObject({ status: 200, body: { status: 'ok' } });
  }
  const login = await answer(`${api}/api/auth/login/`, post({ username: 'demo', password: 'honeydue-demo' }));
  expect(login).toMatchObject({ status: 200, body: { user: { username: 'demo' } } });

  const token = /Bearer (hd_[\w-]+)/.exec(printed)?.[1];
  const task = post({ residence_id: 1, title: 'Sweep the porch' }, { authorization: `Bearer ${token}` });
  expect(await answer(`${api}/api/tasks/`, task)).toMatchObject({ status: 201 });

  const told = await vi.waitUntil(() => notifications(database_url), SOON);
  expect(told).toEqual([
    { username: 'robin', body: 'Sweep the porch · Maple Street' },
    { username: 'sam', body: 'Sweep the porch · Maple Street' },
  ]);

  const exited = new Promise((resolve) => stack.once('exit', resolve));
  stack.kill('SIGINT');
  expect(await exited).toBe(0);
  expect(existsSync(join(folder, 'stack.json'))).toBe(false);
  for (const address of [api, origin, inbox, s3, neon_http, database_url]) {
    expect(await isListening(address), address).toBe(false);
  }
}, 60_000);

function readStackFile(): Record<string, string> {
  if (stack.exitCode !== null) throw new Error(`It ended: ${printed}`);
  return JSON.parse(readFileSync(join(folder, 'stack.json'), 'utf8'));
}

async function answer(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json() };
}

const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** Who was told what, or false if nobody was. */
async function notifications(database_url = '') {
  const client = new Client({ connectionString: database_url });
  await client.connect();
  const { rows } = await client.query(
    'select username, body from notifications_notification n join auth_user u on u.id = n.user_id order by username',
  );
  await client.end();
  return rows.length > 0 && rows;
}

function isListening(address = ''): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { expect, onTestFinished, vi } from 'vitest';
import { localVars } from '../dev/edge.ts';
import { dashboardFrom } from '../origin/dashboard.ts';
import { newPressure } from '../origin/pressure.ts';
import { parseEnvironment } from '../origin/settings.ts';
import { appUrl } from './database.ts';
import { test } from './home.ts';

const HEADERS = readFileSync('admin-pages/public/_headers', 'utf8');

function dashboardFolder(headers = HEADERS): string {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-dashboard-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, '_headers'), headers);
  writeFileSync(join(folder, 'index.html'), '<title>Dashboard</title>');
  writeFileSync(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  return folder;
}

test('without its edge the origin serves the API, the pages and the dashboard, each by its name', async ({ world }) => {
  const port = await getPort();
  const env = {
    ...process.env,
    ...localVars(),
    DATABASE_URL: appUrl(world.name),
    PORT: `${port}`,
    HOST: '127.0.0.1',
    ADMIN_HOSTS: `admin.localhost:${port}`,
    DASHBOARD_FOLDER: dashboardFolder(),
    SITE_FOLDER: 'site',
    LINGER_S: '1',
  };
  const child = spawn(process.execPath, ['origin/server.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  await vi.waitUntil(() => printed.includes('origin.listening'), 20_000);
  const get = async (host: string, path: string) => {
    const sent = ask({ host: '127.0.0.1', port, path, headers: { host } }).end();
    const [response] = await once(sent, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() };
  };

  const [api, admin] = [`api.localhost:${port}`, `admin.localhost:${port}`];
  expect((await get(api, '/')).text).toContain('<title>honeyDue');
  for (const path of ['/', '/users/7', '/nothing/like/it']) {
    const page = await get(admin, path);
    expect([page.status, page.text], path).toEqual([200, '<title>Dashboard</title>']);
    expect(page.headers['content-security-policy']).toContain("style-src 'self' 'unsafe-inline'");
  }
  expect((await get(admin, '/icon.svg')).headers['content-type']).toContain('image/svg+xml');
  for (const host of [api, admin]) {
    const refused = await get(host, '/api/admin/users/');
    expect([refused.status, JSON.parse(refused.text).code], host).toEqual([401, 'unauthenticated']);
  }

  expect(JSON.parse((await get(api, '/health')).text)).toEqual({ status: 'ok' });
  child.kill('SIGTERM');
  await vi.waitUntil(async () => (await get(api, '/health')).status === 503, 5000);
  const last = await get(api, '/api/health/');
  expect([last.status, last.headers.connection]).toEqual([200, 'close']);
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(printed).toContain('"shift.over","is_done":true');
});

test('its pages carry what Pages gives them, and what would be read otherwise is refused', async () => {
  const dashboard = dashboardFrom(dashboardFolder());
  const asset = await dashboard.request('/assets/app-1.js');
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect((await dashboard.request('/_headers')).status).toBe(404);
  const { status } = await dashboard.request('/', {
    headers: { 'if-none-match': etagOf(await dashboard.request('/')) },
  });
  expect(status).toBe(304);
  expect(() => dashboardFrom(dashboardFolder('/old/*/new\n  X-A: b\n'))).toThrow('/old/*/new');
});

const etagOf = ({ headers }: Response): string => headers.get('etag') ?? 'none';

test('what comes beyond the bounds is refused at once, and told when to come again', async ({ world }) => {
  const pressure = newPressure(1);
  onTestFinished(pressure.stop);
  const ports = { ...world.ports, enter: pressure.enter };
  const { app } = await import('../workers/app.ts');
  expect((await app.request('/api/static_data/', {}, ports)).status).toBe(200);

  const leave = pressure.enter();
  const refused = await app.request('/api/static_data/', {}, ports);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ code: 'overloaded' });
  expect((await app.request('/api/health/', {}, ports)).status).toBe(200);
  leave?.();
  expect((await app.request('/api/static_data/', {}, ports)).status).toBe(200);
});

test('nobody is let in while the event loop is late, and everybody once it turns again', async () => {
  const pressure = newPressure(1000);
  onTestFinished(pressure.stop);
  let isBusy = true;
  const work = () => {
    for (const until = performance.now() + 250; performance.now() < until; );
    if (isBusy) setImmediate(work);
  };
  work();
  await vi.waitUntil(() => pressure.enter() === null, 10_000);
  isBusy = false;
  await vi.waitUntil(() => pressure.enter() !== null, 10_000);
});

test('one setting leads past the pooler', () => {
  const pooled = 'postgresql://app:pw@ep-cool-1-pooler.us-east-1.aws.neon.tech/honeydue?sslmode=require';
  const urlOf = (env: Record<string, string>) => parseEnvironment({ DATABASE_URL: pooled, ...env }).DATABASE_URL;
  expect(urlOf({})).toBe(pooled);
  expect(urlOf({ DATABASE_PATH: 'direct' })).toBe(pooled.replace('-pooler', ''));
  expect(urlOf({ DATABASE_PATH: 'direct', DATABASE_DIRECT_URL: 'postgres://elsewhere/db' })).toBe(
    'postgres://elsewhere/db',
  );
  expect(() => urlOf({ DATABASE_PATH: 'direct', DATABASE_URL: 'postgres://db.example/db' })).toThrow('no pooler');
});

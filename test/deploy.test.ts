import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { smoke } from '../dev/smoke.ts';

/**
 * A third of it is Neon's driver, zod and Drizzle, and a twelfth the client of Redis with its breaker (86 KiB), which
 * cannot be had in part. Cloudflare takes ten times as much.
 */
const BUNDLE_BYTES_MAX = 1152 * 1024;
const root = fileURLToPath(new URL('..', import.meta.url));
const dashboard = fileURLToPath(new URL('../admin-pages/dist/index.html', import.meta.url));
const bundle = fileURLToPath(new URL('../.build/worker/index.js', import.meta.url));

function deploy(...args: string[]) {
  const env: NodeJS.ProcessEnv = { ...process.env, WRANGLER_SEND_METRICS: 'false' };
  delete env.MIGRATE_DATABASE_URL;
  const options = { cwd: root, env, encoding: 'utf8', timeout: 60_000 } as const;
  return spawnSync('node', ['dev/bootstrap.mjs', 'dev/deploy.ts', ...args], options);
}

test.for(['staging', 'production'])(
  'a dry run for %s says its plan and leaves a small bundle',
  { timeout: 60_000 },
  (env) => {
    rmSync(bundle, { force: true });
    const { status, stdout, stderr } = deploy('--env', env, '--dry-run', '--skip-check');
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain('[1/3] build the dashboard');
    expect(existsSync(dashboard)).toBe(true);
    expect(stdout).toContain('[2/3] migrate (not connected)');
    expect(stdout).toContain('0000_tables');
    expect(stdout).toContain(`[3/3] wrangler deploy --env ${env} --dry-run`);
    expect(stdout).toContain('Nothing was changed.');
    expect(statSync(bundle).size).toBeLessThanOrEqual(BUNDLE_BYTES_MAX);
  },
);

test.for([
  { args: [], says: 'Unknown environment' },
  { args: ['--env', 'prod'], says: 'Unknown environment' },
  { args: ['--env', 'prod', '--dry-run'], says: 'Unknown environment' },
  { args: ['--env', 'staging', '--force'], says: 'Usage' },
  { args: ['--env', 'staging', '--skip-check'], says: 'A release is always checked' },
  { args: ['--env', 'staging'], says: 'MIGRATE_DATABASE_URL is missing' },
])('deploy $args is refused before its first step', ({ args, says }) => {
  const { status, stdout, stderr } = deploy(...args);
  expect(status).toBe(1);
  expect(stderr).toContain(says);
  expect(stdout).not.toContain('[1/');
});

const part = { state: 'ok', latency_ms: 1 };
const parts = {
  database: part,
  schema: { state: 'ok', applied: 3, expected: 3 },
  cache: part,
  queue: { state: 'ok', pending: 0, oldest_age_s: null },
};

/** Serves one answer after the other, the last one for ever. */
async function serve(answers: readonly { code: number; status: string }[]) {
  const paths: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const { code, status } = answers[Math.min(paths.length, answers.length - 1)] ?? { code: 500, status: '' };
    paths.push(request.url);
    response.writeHead(code, { connection: 'close' }).end(JSON.stringify({ status, parts }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, paths, close: () => server.close() };
}

test.for([
  { answers: [{ code: 200, status: 'ok' }], isFit: true, asked: 1 },
  {
    answers: [
      { code: 503, status: 'down' },
      { code: 200, status: 'degraded' },
    ],
    isFit: true,
    asked: 2,
  },
  { answers: [{ code: 503, status: 'down' }], isFit: false, asked: 3 },
  { answers: [{ code: 503, status: 'ok' }], isFit: false, asked: 3 },
  { answers: [{ code: 200, status: 'fine' }], isFit: false, asked: 3 },
])('smoke after $answers: $isFit', async ({ answers, isFit, asked }) => {
  const site = await serve(answers);
  const outcome = await smoke(site.url, { tries: 3, between_ms: 1 });
  site.close();
  expect(outcome.isFit).toBe(isFit);
  expect(site.paths).toEqual(Array(asked).fill('/api/health/ready/'));
});

const STEPS = [
  '[1/7] check',
  '[2/7] build the dashboard',
  '[3/7] migrate',
  '[4/7] wrangler deploy --env staging --var RELEASE:1.2.3',
  '[5/7] smoke',
  '[6/7] record release',
  '[7/7] wrangler pages deploy --cwd admin-pages --branch staging',
];

test.for([
  { fails: 'nothing', code: 0, steps: 7 },
  { fails: 'node dev/check.ts', code: 7, steps: 1 },
  { fails: 'node admin-pages/build.ts', code: 7, steps: 2 },
  { fails: 'node dev/migrate.ts', code: 7, steps: 3 },
  { fails: 'wrangler deploy --env staging --var RELEASE:1.2.3', code: 7, steps: 4 },
  { fails: 'node dev/record-release.ts 1.2.3', code: 7, steps: 6 },
  { fails: 'wrangler pages deploy --cwd admin-pages --branch staging', code: 7, steps: 7 },
])('a release in which $fails fails ends there with $code', async ({ fails, code, steps }) => {
  const site = await serve([{ code: 200, status: 'ok' }]);
  const commands = mkdtempSync(join(tmpdir(), 'honeydue-deploy-'));
  for (const name of ['node', 'wrangler']) {
    writeFileSync(join(commands, name), `#!/bin/sh\n[ "${name} $*" != "$FAILS" ] || exit 7\n`, { mode: 0o755 });
  }
  const env = {
    PATH: commands,
    FAILS: fails,
    SMOKE_URL: site.url,
    MIGRATE_DATABASE_URL: 'postgres://nowhere.invalid',
    RELEASE: '1.2.3',
  };
  const child = spawn(process.execPath, ['dev/deploy.ts', '--env', 'staging'], { cwd: root, env });
  const [out, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  site.close();
  rmSync(commands, { recursive: true });
  expect(exitCode).toBe(code);
  const said = out.match(/^\[\d\/7\] (?:check|build the dashboard|migrate|smoke|record release|wrangler .*)/gm);
  expect(said).toEqual(STEPS.slice(0, steps));
  expect(site.paths).toHaveLength(steps > 4 ? 1 : 0);
});

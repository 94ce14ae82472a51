import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { smoke } from '../dev/smoke.ts';

const BUNDLE_BYTES_MAX = 450 * 1024;
const root = fileURLToPath(new URL('..', import.meta.url));
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
    expect(stdout).toContain('[1/2] migrate (not connected)');
    expect(stdout).toContain('0000_tables');
    expect(stdout).toContain(`[2/2] wrangler deploy --env ${env} --dry-run`);
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
  let n = 0;
  const paths = new Set<string | undefined>();
  const server = createServer((request, response) => {
    const { code, status } = answers[Math.min(n, answers.length - 1)] ?? { code: 500, status: '' };
    n += 1;
    paths.add(request.url);
    response.writeHead(code, { connection: 'close' }).end(JSON.stringify({ status, parts }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const outcome = await smoke(`http://127.0.0.1:${port}`, { tries: 3, between_ms: 1 });
  server.close();
  expect(outcome.isFit).toBe(isFit);
  expect(n).toBe(asked);
  expect([...paths]).toEqual(['/api/health/ready/']);
});

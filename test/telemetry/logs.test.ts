import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { entriesOf, entryOf, isWanted, pretty } from '../../dev/log-lines.ts';

const line = {
  at: '2026-03-07T15:00:00.123Z',
  level: 'info',
  event: 'request',
  request_id: 'r-1',
  trace_id: 't-1',
  route: '/api/tasks',
  status: 503,
  user_id: null,
};

test('lines are found by request, trace, route and status, and read by people', () => {
  const entry = entryOf('edge', JSON.stringify(line));
  if (!entry) throw new Error('a line is an entry');
  for (const [wanted, is] of [
    [{}, true],
    [{ request: 'r-1', trace: 't-1', route: '/api', status: '5xx' }, true],
    [{ request: 'r-2' }, false],
    [{ trace: 't-2' }, false],
    [{ route: '/api/users' }, false],
    [{ status: '50' }, false],
    [{ status: '503' }, true],
  ] as const) {
    expect(isWanted(entry, wanted), JSON.stringify(wanted)).toBe(is);
  }
  expect(pretty(entry)).toBe(
    '15:00:00.123   edge         request request_id=r-1 trace_id=t-1 route=/api/tasks status=503',
  );
  expect(pretty(entryOf('redis', 'Ready to accept connections') ?? entry)).toContain('redis        Ready to accept');
  expect(entryOf('redis', ' ')).toBeNull();
});

test('of what Cloudflare sends the lines are shown, and what it ended itself', () => {
  const event = {
    outcome: 'exceededCpu',
    scriptName: 'honeydue',
    logs: [{ message: [JSON.stringify(line)], level: 'log', timestamp: 1 }],
    exceptions: [{ name: 'Error', message: 'no', timestamp: 1 }],
  };
  expect(entriesOf('edge', event).map(({ line: { event } }) => event)).toEqual([
    'request',
    'worker.threw',
    'worker.ended',
  ]);
});

test('without a cluster and a login it says what is missing of each', () => {
  const logs = fileURLToPath(new URL('../../dev/logs.ts', import.meta.url));
  const env = { ...process.env, HOME: '/nowhere', KUBECONFIG: '/nowhere/config', CLOUDFLARE_API_TOKEN: '' };
  const { status, stderr } = spawnSync(process.execPath, [logs, '--env', 'staging'], { encoding: 'utf8', env });
  expect(status).toBe(1);
  expect(stderr).toContain('Not shown: the edge. Sign in with `wrangler login`');
  expect(stderr).toContain('Not shown: the group. kubectl knows no cluster');
});

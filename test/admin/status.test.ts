import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { observatoryFrom } from '../../adapters/observatory.ts';
import { FAILOVER, TRAFFIC } from '../../domain/admin/promql.ts';
import { AdminStatus } from '../../domain/admin/status.ts';
import { tool } from '../alerts/tools.ts';
import { NOW, testTogether as test, type World } from '../home.ts';
import { asAdmin, signedIn } from './operator.ts';
import { startWatchers } from './watchers.ts';

const DEADLINE_MS = 400;
const READ = '/api/tasks';
const WRITE = '/api/tasks/:id{[0-9]+}';

/** As Prometheus answers: values are text, and those of a share of nothing are NaN. */
const vector = (...result: [Record<string, string>, string][]) => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: result.map(([metric, value]) => ({ metric, value: [1_700_000_000.1, value] })),
  },
});
const of = (endpoint: string, method = 'GET') => ({ method, endpoint });
const LAST_S = Date.parse('2026-03-07T14:58:00Z') / 1000;
const BY_QUERY: Record<string, object> = {
  [TRAFFIC.requests]: vector([of(READ), '1200.4'], [of(WRITE, 'PATCH'), '30.2'], [of('/api/docs'), '0']),
  [TRAFFIC.errors]: vector([of(WRITE, 'PATCH'), '3']),
  [TRAFFIC.p95]: vector([of(READ), '0.0475'], [of(WRITE, 'PATCH'), 'NaN']),
  [TRAFFIC.p95_of_all]: vector([{}, '0.05']),
  [FAILOVER.share]: vector([{}, '0.25']),
  [FAILOVER.last_s]: vector([{ reason: 'crash' }, String(LAST_S - 3600)], [{ reason: 'database' }, String(LAST_S)]),
};
const metrics = (query: URLSearchParams) => BY_QUERY[query.get('query') ?? ''] ?? { status: 'error' };
const ALERT = {
  labels: { alertname: 'DeadLetters', severity: 'warning', queue: 'mail' },
  annotations: { summary: '2 dead letters in mail', runbook_url: 'https://example.com/runbook.md#deadletters' },
  startsAt: '2026-03-07T15:50:00.000+01:00',
  endsAt: '2026-03-07T16:50:00.000+01:00',
  status: { state: 'active', silencedBy: [], inhibitedBy: [] },
};

const read = async (world: World, env: Record<string, string>) => {
  const { cookie } = await signedIn(world, 'support');
  const observatory = observatoryFrom(env, DEADLINE_MS);
  const began = performance.now();
  const { status, body } = await asAdmin(world, 'GET', 'status/', cookie, undefined, { ports: { observatory } });
  expect(status).toBe(200);
  return { found: AdminStatus.parse(body), ms: performance.now() - began };
};

test('one page says how it is: parts, traffic, failover, alerts, releases and what must happen by itself', async ({
  world,
}) => {
  const watchers = await startWatchers({ '/prom/api/v1/query': metrics, '/api/v2/alerts': [ALERT] });
  world.onClose(watchers.close);
  await world.rows(
    `insert into outbox (event, queue, attempts, dead_at, last_error) values ('{"type": "task.created"}', 'mail', 8, now(), 'Error: no')`,
  );
  await world.rows(
    `insert into deployment (release, at) select 'v0.' || n, $1::timestamptz - make_interval(days => 12 - n)
    from generate_series(1, 12) n`,
    [NOW],
  );
  await world.rows(
    `insert into scheduled_run (name, ran_at) values ('backup', $1::timestamptz - interval '37 hours')`,
    [NOW],
  );
  await world.rows(`update audit_archive_state set succeeded_at = $1::timestamptz - interval '1 day'`, [NOW]);

  const { found } = await read(world, {
    PROMETHEUS_URL: `${watchers.url}/prom/`,
    PROMETHEUS_AUTH: 'honeydue:secret',
    ALERTMANAGER_URL: watchers.url,
    ALERTMANAGER_AUTH: 'Bearer abc',
  });
  expect(found).toMatchObject({
    status: 'ok',
    release: 'test',
    database_version: expect.stringMatching(/^18/),
    parts: { database: { state: 'ok' }, queue: { dead: 1, queues: { mail: { dead: 1 }, jobs: { dead: 0 } } } },
    backup: { state: 'late', at: '2026-03-06T02:00:00.000Z' },
    audit_archive: { state: 'ok', at: '2026-03-06T15:00:00.000Z' },
  });
  expect(found.traffic).toEqual({
    state: 'ok',
    found: {
      requests: 1230,
      errors: 3,
      p95_ms: 50,
      routes: [
        { ...of(WRITE, 'PATCH'), requests: 30, errors: 3, p95_ms: null },
        { ...of(READ), requests: 1200, errors: 0, p95_ms: 48 },
      ],
    },
  });
  expect(found.failover).toEqual({
    state: 'ok',
    found: { share: 0.25, last_at: '2026-03-07T14:58:00.000Z', last_reason: 'database' },
  });
  expect(found.alerts.found).toEqual([
    {
      name: 'DeadLetters',
      severity: 'warning',
      summary: '2 dead letters in mail',
      runbook_url: 'https://example.com/runbook.md#deadletters',
      since: '2026-03-07T14:50:00.000Z',
    },
  ]);
  expect(found.deployments.map(({ release }) => release)).toEqual(Array.from({ length: 10 }, (_, n) => `v0.${12 - n}`));
  const keys = new Set(watchers.asked.map(({ authorization }) => authorization));
  expect(keys).toEqual(new Set([`Basic ${btoa('honeydue:secret')}`, 'Bearer abc']));
  const alerts = watchers.asked.find(({ path }) => path === '/api/v2/alerts');
  expect(alerts?.query.toString()).toBe('active=true&silenced=false&inhibited=false');

  await world.rows(`update audit_archive_state set broken = 'audit/000001.ndjson.gz is missing'`);
  expect((await read(world, {})).found.audit_archive.state).toBe('broken');
});

test('who is not set up and who does not answer is named; nobody is waited for longer than the deadline', async ({
  world,
}) => {
  const watchers = await startWatchers({ '/api/v1/query': 'hangs', '/api/v2/alerts': 503 });
  world.onClose(watchers.close);
  const alone = await read(world, {});
  const absent = { state: 'not_configured', found: null };
  expect(alone.found).toMatchObject({ status: 'ok', traffic: absent, failover: absent, alerts: absent });

  const { found, ms } = await read(world, { PROMETHEUS_URL: watchers.url, ALERTMANAGER_URL: watchers.url });
  const away = { state: 'no_answer', found: null };
  expect(found).toMatchObject({ status: 'ok', traffic: away, failover: away, alerts: away });
  // All at once: six questions that hang take as long as one.
  expect(watchers.asked.filter(({ path }) => path === '/api/v1/query')).toHaveLength(6);
  expect(ms).toBeLessThan(3 * DEADLINE_MS);
  const said = world.logged.filter(({ event }) => event === 'observatory.unheard').map(({ part }) => part);
  expect(said.sort()).toEqual(['alerts', 'failover', 'traffic']);

  // What is no answer of theirs is none, whatever it is.
  for (const answer of [{ status: 'success', data: { resultType: 'matrix', result: [] } }, 404, ['<html>']]) {
    watchers.answers['/api/v1/query'] = answer;
    watchers.answers['/api/v2/alerts'] = [answer];
    const other = await read(world, { PROMETHEUS_URL: watchers.url, ALERTMANAGER_URL: watchers.url });
    expect(other.found).toMatchObject({ traffic: away, failover: away, alerts: away });
  }
});

test('nobody outside is asked for somebody who is not signed in', async ({ world }) => {
  const watchers = await startWatchers({});
  world.onClose(watchers.close);
  const { url } = watchers;
  const env = { PROMETHEUS_URL: url, ALERTMANAGER_URL: url, LOKI_QUERY_URL: url, TEMPO_URL: url };
  const ports = { observatory: observatoryFrom(env, DEADLINE_MS) };
  for (const path of ['status/', 'trace/?id=4bf92f3577b34da6a3ce929d0e0e4736']) {
    const { status } = await asAdmin(world, 'GET', path, '__Host-honeydue_admin=hd_made_up', undefined, { ports });
    expect(status).toBe(401);
  }
  expect(watchers.asked).toEqual([]);
});

test('Prometheus itself works out what the page asks: by route, of an hour, and when the last hand-over was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'honeydue-status-'));
  const requests = (labels: string) => `http_requests_total{runtime="edge",${labels}}`;
  const bucket = (le: string) =>
    `http_request_duration_seconds_bucket{runtime="edge",method="GET",endpoint="${READ}",le="${le}"}`;
  const exactly = (expr: string, at: string, ...samples: [string, number][]) => ({
    expr,
    eval_time: at,
    exp_samples: samples.map(([labels, value]) => ({ labels, value })),
  });
  const route = `{method="GET", endpoint="${READ}"}`;
  const suite = {
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: [
          { series: requests(`method="GET",endpoint="${READ}",status="200"`), values: '0+19x200' },
          { series: requests(`method="GET",endpoint="${READ}",status="500"`), values: '0+1x200' },
          { series: requests('method="GET",endpoint="/api/health",status="200"'), values: '0+600x200' },
          {
            series: `http_requests_total{runtime="origin",method="GET",endpoint="${READ}",status="200"}`,
            values: '0x90 0+10x100',
          },
          { series: bucket('0.025'), values: '0+10x200' },
          { series: bucket('0.05'), values: '0+20x200' },
          { series: bucket('+Inf'), values: '0+20x200' },
          // The edge tried ten a minute itself first; its first hand-over ever was in the 91st minute, its last in the 120th.
          { series: 'failover_total{runtime="edge",reason="database"}', values: '_x90 10+10x29 310x100' },
        ],
        promql_expr_test: [
          exactly(TRAFFIC.requests, '80m', [route, 1200], ['{method="GET", endpoint="/api/health"}', 36_000]),
          exactly(TRAFFIC.errors, '80m', [route, 60]),
          exactly(TRAFFIC.p95, '80m', [route, 0.0475]),
          exactly(TRAFFIC.p95_of_all, '80m', ['{}', 0.0475]),
          exactly(FAILOVER.share, '80m', ['{}', 0]),
          exactly(FAILOVER.last_s, '80m'),
          exactly(FAILOVER.last_s, '91m', ['{reason="database"}', 91 * 60]),
          // Of thirty a minute ten were asked of both: twenty requests, half of them answered by the origin.
          exactly(FAILOVER.share, '115m', ['{}', 0.5]),
          exactly(FAILOVER.last_s, '180m', ['{reason="database"}', 120 * 60]),
        ],
      },
    ],
  };
  writeFileSync(join(folder, 'suite.yml'), stringify(suite));
  const { stdout } = await promisify(execFile)(tool('promtool'), ['test', 'rules', join(folder, 'suite.yml')]);
  rmSync(folder, { recursive: true });
  expect(stdout).toContain('SUCCESS');
});

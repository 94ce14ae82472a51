import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import parse from 'parse-prometheus-text-format';
import { expect } from 'vitest';
import { EXPECTED_MIGRATIONS } from '../../db/readiness.ts';
import { newCounts } from '../../domain/telemetry/counts.ts';
import { METRICS } from '../../domain/telemetry/metrics.ts';
import { HELP } from '../../origin/metrics/help.ts';
import { INGEST_PATH, newIngest } from '../../origin/metrics/ingest.ts';
import { showMetrics } from '../../origin/metrics.ts';
import { testTogether as test } from '../home.ts';
import { METRICS_TOKEN, observed } from './observed.ts';
import { startReceiver } from './receiver.ts';

const read = (text: string) => new Map(parse(text).map((family) => [family.name, family]));

const settings = { METRICS_PORT: 0, METRICS_TOKEN, HOST: '127.0.0.1', RELEASE: 'r-7' };
const scrape = async (port: number) => await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
const bring = (ingest: (request: Request) => Promise<Response>, body: unknown, token = METRICS_TOKEN) =>
  ingest(
    new Request(`http://origin${INGEST_PATH}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );

test('a pod shows its own counts, the edge’s and the database’s, as Prometheus reads them', async ({ world }) => {
  const receiver = await startReceiver();
  const edge = observed(receiver, { share: 0 });
  const { owner, residence_id } = await world.home();
  const by = { ports: { telemetry: edge.telemetry } };
  await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'Rake' }, by);
  await world.send('GET', '/api/auth/me/', owner, undefined, by);
  await world.send('GET', '/api/nowhere/', null, undefined, by);
  await world.send('GET', '/api/tasks/', null, undefined, by);
  await edge.flush();
  const batches = receiver.got.filter(({ path }) => path === INGEST_PATH);
  expect(batches[0]?.headers.authorization).toBe(`Bearer ${METRICS_TOKEN}`);

  const own = observed(receiver, { runtime: 'origin' });
  const shown = await showMetrics(settings, { telemetry: own.telemetry, db: world.ports.db });
  if (!shown?.ingest) throw new Error('nothing is shown');
  const { port, ingest, close } = shown;
  for (const { body } of batches) expect((await bring(ingest, body)).status).toBe(204);
  await world.send('GET', '/api/auth/me/', owner, undefined, { ports: { telemetry: own.telemetry } });

  const text = await scrape(port);
  const found = read(text);
  const requests = found.get('http_requests_total')?.metrics.map(({ labels, value }) => ({ ...labels, value }));
  expect(requests).toEqual(
    expect.arrayContaining([
      { method: 'POST', endpoint: '/api/tasks', status: '201', runtime: 'edge', value: '1' },
      { method: 'GET', endpoint: '/api/auth/me', status: '200', runtime: 'edge', value: '1' },
      { method: 'GET', endpoint: 'none', status: '404', runtime: 'edge', value: '1' },
      { method: 'GET', endpoint: '/api/auth/me', status: '200', runtime: 'origin', value: '1' },
    ]),
  );
  const durations = found.get('http_request_duration_seconds');
  expect(durations?.type).toBe('HISTOGRAM');
  // The parser loses the labels of histograms.
  const labels = 'method="POST",endpoint="/api/tasks",runtime="edge"';
  expect(text).toContain(`http_request_duration_seconds_count{${labels}} 1\n`);
  expect(text).toContain(`http_request_duration_seconds_bucket{${labels},le="+Inf"} 1\n`);
  expect(text).toContain(`db_trips_per_request_sum{${labels}} 1\n`);
  expect(text).toContain('db_query_duration_seconds_count{result="ok",runtime="edge"} 2\n');
  const value = (name: string) => found.get(name)?.metrics[0]?.value;
  expect([value('database_up'), value('schema_expected')]).toEqual(['1', String(EXPECTED_MIGRATIONS)]);
  expect(value('schema_applied')).toBe(String(EXPECTED_MIGRATIONS));
  const pending = found.get('outbox_pending')?.metrics.map(({ labels, value }) => [labels?.queue, value]);
  expect(pending).toContainEqual(['jobs', '1']);
  expect(pending).toHaveLength(6);
  expect(found.get('build_info')?.metrics.map(({ labels }) => labels)).toEqual([
    { release: 'r-7', runtime: 'origin' },
    { release: 'dev', runtime: 'edge' },
  ]);
  expect(found.has('process_cpu_seconds_total')).toBe(true);

  const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (checked.error === undefined) expect(ours(checked.stdout + checked.stderr)).toEqual([]);
  close();
  await receiver.close();
});

/** What promtool says of metrics that prom-client makes of itself is prom-client's. */
const ours = (said: string): string[] =>
  said.split('\n').filter((line) => line !== '' && !/^(nodejs|process)_/.test(line));

test('counts that come twice are counted once, in one pod by itself and in all by what they remember together', async ({
  world,
}) => {
  const remembered = new Map<string, number>();
  const count = async (key: string) => {
    remembered.set(key, (remembered.get(key) ?? 0) + 1);
    return { count: remembered.get(key) ?? 0, resets_in_s: 60 };
  };
  const podWith = (more: object) => {
    const counts = newCounts('origin');
    return {
      counts,
      ingest: newIngest({ counts, releases: new Map(), db: world.ports.db, token: METRICS_TOKEN, ...more }),
    };
  };
  const series = [{ name: 'contact_submissions_total', labels: { runtime: 'edge' }, sum: 3 }];
  const batch = { id: crypto.randomUUID(), release: 'r', series };
  const sum = ({ counts }: { counts: ReturnType<typeof newCounts> }) =>
    [...counts.series.values()].map(({ sum }) => sum);

  const alone = podWith({ count: async () => null });
  await bring(alone.ingest, batch);
  await bring(alone.ingest, batch);
  await bring(alone.ingest, { ...batch, id: crypto.randomUUID() });
  expect(sum(alone)).toEqual([6]);

  const [one, other] = [podWith({ count }), podWith({ count })];
  for (const pod of [one, other, one]) expect((await bring(pod.ingest, batch)).status).toBe(204);
  expect([sum(one), sum(other)]).toEqual([[3], []]);

  // An answer that is lost is such a second time.
  const receiver = await startReceiver();
  const edge = observed(receiver, { share: 0 });
  receiver.behave('loses answers');
  await world.send('GET', '/api/health/', null, undefined, { ports: { telemetry: edge.telemetry } });
  await edge.flush();
  receiver.behave('well');
  await edge.flush();
  const bodies = receiver.got.filter(({ path }) => path === INGEST_PATH).map(({ body }) => body);
  expect(bodies.length).toBeGreaterThan(1);
  const pod = podWith({});
  for (const body of bodies) await bring(pod.ingest, body);
  const requests = [...pod.counts.series.values()].filter(({ name }) => name === 'http_requests_total');
  expect(requests.map(({ sum }) => sum)).toEqual([1]);
  await receiver.close();
});

test('counts are taken from whoever has the token, and only such as there are', async ({ world }) => {
  const counts = newCounts('origin');
  const ingest = newIngest({ counts, releases: new Map(), db: world.ports.db, token: METRICS_TOKEN });
  const series = { name: 'mail_sends_total', labels: { result: 'ok', runtime: 'edge' }, sum: 1 };
  const batch = (more: object) => ({ id: crypto.randomUUID(), release: 'r', series: [{ ...series, ...more }] });
  const statuses = await Promise.all([
    bring(ingest, batch({}), 'another token, of the same kind'),
    bring(ingest, batch({ name: 'made_up_total' })),
    bring(ingest, batch({ labels: { result: 'ok' } })),
    bring(ingest, batch({ labels: { ...series.labels, user: '7' } })),
    bring(ingest, batch({ sum: -1 })),
    bring(ingest, batch({ buckets: [1] })),
    bring(ingest, 'no json'),
    bring(ingest, ' '.repeat(1024 ** 2 + 1)),
    ingest(new Request(`http://origin${INGEST_PATH}`)),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([401, 400, 400, 400, 400, 400, 400, 413, 405]);
  expect(counts.series.size).toBe(0);
});

test('when a backup was made is kept in the database, so that every pod can say it', async ({ world }) => {
  const receiver = await startReceiver();
  const own = observed(receiver, { runtime: 'origin' });
  const shown = await showMetrics(settings, { telemetry: own.telemetry, db: world.ports.db });
  if (!shown?.ingest) throw new Error('nothing is shown');
  await bring(shown.ingest, { backup_succeeded_at: '2026-03-07T03:15:00Z' });
  const found = await world.rows(
    `select extract(epoch from ran_at)::int as at from scheduled_run where name = 'backup'`,
  );
  expect(found).toEqual([{ at: Date.parse('2026-03-07T03:15:00Z') / 1000 }]);
  shown.close();
  await receiver.close();
});

test('with the database away a pod says so, and everything that it counts itself', async () => {
  const receiver = await startReceiver();
  const own = observed(receiver, { runtime: 'origin' });
  const db = { batch: () => Promise.reject(Object.assign(new Error('no'), { name: 'NeonDbError' })) };
  const shown = await showMetrics(settings, {
    telemetry: own.telemetry,
    db: Object.assign(Object.create(null), db, { execute: () => ({}) }),
  });
  const found = read(await scrape(shown?.port ?? 0));
  expect(found.get('database_up')?.metrics[0]?.value).toBe('0');
  expect(found.get('outbox_pending')?.metrics).toEqual([]);
  expect(found.get('schema_applied')?.metrics).toEqual([]);
  expect(found.get('build_info')?.metrics).toHaveLength(1);
  shown?.close();
  await receiver.close();
});

test('docs/metrics.md names every metric that there is, and its labels', () => {
  const text = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''),
  );
  expect(named.sort()).toEqual(Object.keys(HELP).sort());
  for (const [name, { labels }] of Object.entries(METRICS)) {
    const said = rows.find((row) => row.includes(`\`${name}\``))?.split('|')[3] ?? '';
    for (const label of labels) expect(said, name).toContain(`\`${label}\``);
  }
});

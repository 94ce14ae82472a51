import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { EXPECTED_MIGRATIONS } from '../../db/readiness.ts';
import type { Counts, Series } from '../../domain/telemetry/counts.ts';
import { bucketsOf, METRICS, type MetricName } from '../../domain/telemetry/metrics.ts';
import type { Gauges } from './gauges.ts';
import { HELP } from './help.ts';

type Releases = ReadonlyMap<string, string>;
type Shown = {
  counts: Counts;
  /** What each runtime that counts here was built as. */
  releases: Releases;
  /** Absent: another process shows them. */
  gauges?: () => Promise<Gauges | null>;
};

/** What is shown to whoever scrapes this process, as prom-client writes it. */
export function newRegistry(shown: Shown): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of Object.keys(METRICS) as MetricName[]) showSeries(registry, name, shown.counts);
  showReleases(registry, shown.releases);
  if (shown.gauges) showGauges(registry, shown.gauges);
  return registry;
}

/** Our totals under prom-client's names and types: it has no way to add to a histogram what others have observed. */
function showSeries(registry: Registry, name: MetricName, { series }: Counts): void {
  const buckets = bucketsOf(name);
  const made = { name, help: HELP[name], labelNames: [...METRICS[name].labels, 'runtime'], registers: [registry] };
  const own = () => [...series.values()].filter((one) => one.name === name);
  const get = async () => ({
    name,
    help: HELP[name],
    type: buckets ? 'histogram' : 'counter',
    aggregator: 'sum',
    values: own().flatMap((one): Value[] =>
      buckets ? toHistogram(one, buckets) : [{ labels: one.labels, value: one.sum }],
    ),
  });
  const metric = buckets ? new Histogram({ ...made, buckets: [...buckets] }) : new Counter(made);
  Object.assign(metric, { get, getForPromString: get });
}

type Value = { metricName?: string; labels: Record<string, string | number>; value: number };

function toHistogram({ name, labels, sum, buckets: fell = [] }: Series, buckets: readonly number[]): Value[] {
  let count = 0;
  const cumulative = fell.map((n, i) => {
    count += n;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: buckets[i] ?? '+Inf' }, value: count };
  });
  return [
    ...cumulative,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

function showReleases(registry: Registry, releases: Releases): void {
  new Gauge({
    name: 'build_info',
    help: HELP.build_info,
    labelNames: ['release', 'runtime'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [runtime, release] of releases) this.set({ release, runtime }, 1);
    },
  });
}

/** Read once for all of them: prom-client collects in the order that they were made in. */
function showGauges(registry: Registry, read: () => Promise<Gauges | null>): void {
  const gauge = (
    name: keyof typeof HELP,
    say: (gauge: Gauge, found: Gauges | null) => void,
    labelNames: string[] = [],
  ) =>
    new Gauge({
      name,
      help: HELP[name],
      labelNames,
      registers: [registry],
      async collect() {
        const found = await read();
        this.reset();
        say(this, found);
      },
    });
  const ofQueue = (name: keyof typeof HELP, amount: (queue: Gauges['queues'][string]) => number) =>
    gauge(
      name,
      (gauge, found) => {
        for (const [queue, backlog] of Object.entries(found?.queues ?? {})) gauge.set({ queue }, amount(backlog));
      },
      ['queue'],
    );
  const ofDatabase = (name: keyof typeof HELP, amount: (found: Gauges) => number | null) =>
    gauge(name, (gauge, found) => {
      const value = found && amount(found);
      if (value === null) gauge.remove();
      else gauge.set(value);
    });
  gauge('database_up', (gauge, found) => gauge.set(found === null ? 0 : 1));
  gauge('schema_expected', (gauge) => gauge.set(EXPECTED_MIGRATIONS));
  ofDatabase('schema_applied', ({ applied }) => applied);
  ofQueue('outbox_pending', ({ pending }) => pending);
  ofQueue('outbox_oldest_seconds', ({ oldest_age_s }) => oldest_age_s ?? 0);
  ofQueue('dead_letters', ({ dead }) => dead);
  ofDatabase('backup_last_success_timestamp_seconds', ({ upkeep }) => upkeep?.backed_up_s ?? null);
  ofDatabase('audit_archive_last_success_timestamp_seconds', ({ upkeep }) => upkeep?.archived_s ?? null);
  ofDatabase('audit_archive_broken', ({ upkeep }) => upkeep && Number(upkeep.is_broken));
}

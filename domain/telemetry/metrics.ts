const QUICK_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LONG_S = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

type Metric = { labels: readonly string[]; buckets?: readonly number[] };

/** What is counted where it happens. docs/metrics.md says what each means; every series has `runtime` besides. */
export const METRICS = {
  http_requests_total: { labels: ['method', 'endpoint', 'status'] },
  http_request_duration_seconds: { labels: ['method', 'endpoint'], buckets: QUICK_S },
  db_query_duration_seconds: { labels: ['result'], buckets: QUICK_S },
  db_trips_per_request: { labels: ['method', 'endpoint'], buckets: [0, 1, 2, 3, 4, 8] },
  jobs_total: { labels: ['event', 'result'] },
  job_duration_seconds: { labels: ['event'], buckets: LONG_S },
  queue_sends_total: { labels: ['result'] },
  storage_requests_total: { labels: ['operation', 'result'] },
  storage_request_duration_seconds: { labels: ['operation'], buckets: QUICK_S },
  mail_sends_total: { labels: ['result'] },
  mail_send_duration_seconds: { labels: [], buckets: QUICK_S },
  push_sends_total: { labels: ['platform', 'result'] },
  push_send_duration_seconds: { labels: ['platform'], buckets: QUICK_S },
  cache_requests_total: { labels: ['operation', 'result'] },
  cache_request_duration_seconds: { labels: ['operation'], buckets: QUICK_S },
  failover_total: { labels: ['reason'] },
  contact_submissions_total: { labels: [] },
  telemetry_dropped_total: { labels: ['sink'] },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export type Labels<N extends MetricName> = Record<(typeof METRICS)[N]['labels'][number], string>;
type NameOf<More> = { [N in MetricName]: (typeof METRICS)[N] extends More ? N : never }[MetricName];
export type HistogramName = NameOf<{ buckets: readonly number[] }>;
export type CounterName = Exclude<MetricName, HistogramName>;

export const bucketsOf = (name: MetricName): readonly number[] | null => {
  const metric: Metric = METRICS[name];
  return metric.buckets ?? null;
};

// What the status page asks Prometheus, by the names of docs/metrics.md. A test has the real promtool work them out.

const requests = (window: string, labels = '') => `increase(http_requests_total{${labels}}[${window}])`;
/** Not the probes, which ask the origin all the time. */
const USERS = 'endpoint!~"/api/health.*"';
const p95 = (by: string) => `histogram_quantile(0.95, sum by (${by}) (rate(http_request_duration_seconds_bucket[1h])))`;

export const TRAFFIC = {
  requests: `sum by (method, endpoint) (${requests('1h')})`,
  errors: `sum by (method, endpoint) (${requests('1h', 'status=~"5.."')})`,
  p95: p95('method, endpoint, le'),
  p95_of_all: p95('le'),
} as const;

/** What the edge tried first is counted there as well, once too often. */
const TRIED_TWICE = '(sum(increase(failover_total{reason!="open"}[5m])) or vector(0))';
/** A counter that begins at what it has counted has no increase yet. */
const JUST_HANDED_OVER =
  '(failover_total unless failover_total offset 1m) or (failover_total > failover_total offset 1m)';

export const FAILOVER = {
  share: `clamp(sum(${requests('5m', `runtime="origin",${USERS}`)}) / (sum(${requests('5m', USERS)}) - ${TRIED_TWICE}), 0, 1)`,
  last_s: `max by (reason) (max_over_time(timestamp(${JUST_HANDED_OVER})[1d:1m]))`,
} as const;

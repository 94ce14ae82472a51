import type { MetricName } from '../../domain/telemetry/metrics.ts';

type Gauge =
  | 'build_info'
  | 'database_up'
  | 'schema_expected'
  | 'schema_applied'
  | 'outbox_pending'
  | 'outbox_oldest_seconds'
  | 'dead_letters'
  | 'backup_last_success_timestamp_seconds'
  | 'audit_archive_last_success_timestamp_seconds'
  | 'audit_archive_broken';

/** What whoever looks at a metric is told. docs/metrics.md says more, and a test compares the names. */
export const HELP: Record<MetricName | Gauge, string> = {
  http_requests_total: 'Answers, by route pattern and status.',
  http_request_duration_seconds: 'From request to answer.',
  db_query_duration_seconds: 'One round trip to the database.',
  db_trips_per_request: 'Round trips to the database before the answer.',
  jobs_total: 'Attempts at events, and how they ended.',
  job_duration_seconds: 'The act of an attempt at an event.',
  queue_sends_total: 'Calls of the bell.',
  storage_requests_total: 'Calls to storage.',
  storage_request_duration_seconds: 'A call to storage, until the head of its answer.',
  mail_sends_total: 'Mails handed over, or not.',
  mail_send_duration_seconds: 'Handing a mail over.',
  push_sends_total: 'Pushes handed over, or not.',
  push_send_duration_seconds: 'Handing a push over.',
  cache_requests_total: 'What was asked of Redis.',
  cache_request_duration_seconds: 'One question to Redis.',
  failover_total: 'Requests that the edge handed to the origin.',
  contact_submissions_total: 'Messages of the contact form that were taken.',
  telemetry_dropped_total: 'Spans, lines and batches of counts that nobody will see.',
  build_info: 'Which release runs where.',
  database_up: 'Whether the database answered when this was read.',
  schema_expected: 'Migrations that this release was built with.',
  schema_applied: 'Migrations that the database has.',
  outbox_pending: 'Events that are due and not done.',
  outbox_oldest_seconds: 'How long the oldest event has been due that nobody works on.',
  dead_letters: 'Events that are tried no more.',
  backup_last_success_timestamp_seconds: 'When a backup was last stored.',
  audit_archive_last_success_timestamp_seconds: 'When the audit archive last came to its end.',
  audit_archive_broken: 'Whether the last run found the archives broken.',
};

import { findReleases, type Releases } from '../../db/admin/status.ts';
import { findUpkeep, type Upkeep } from '../../db/gauges.ts';
import { type Found, findBacklog } from '../../db/readiness.ts';
import { FAILOVER, TRAFFIC } from '../../domain/admin/promql.ts';
import { type AdminStatus, archiveState, backupState, type Failover, type Traffic } from '../../domain/admin/status.ts';
import type { Observatory, Sample } from '../../domain/observatory.ts';
import { checkCache, readinessOf } from '../check-readiness.ts';
import { type AdminContext, enterAdmin } from '../enter-admin.ts';
import { hear } from '../hear.ts';

const ROUTES_MAX = 100;

/** How honeyDue is. The database says first whether somebody asks who may; then those outside are asked, all at once. */
export async function readStatus(ctx: AdminContext, observatory: Observatory = {}): Promise<AdminStatus> {
  const { db, log, cache } = ctx;
  const started = performance.now();
  const results = await enterAdmin(ctx, {}, [findBacklog(db), findUpkeep(db), findReleases(db)]);
  const latency_ms = Math.round((performance.now() - started) * 10) / 10;
  const [[backlog], [upkeep], [releases]] = results as [{ found: Found }[], { found: Upkeep }[], Releases[]];
  if (!backlog || !upkeep || !releases) throw new Error('The database said nothing of itself.');
  const { metrics, alerts } = observatory;
  const [checked, traffic, failover, firing] = await Promise.all([
    checkCache({ cache }),
    hear(log, 'traffic', metrics && (() => readTraffic(metrics))),
    hear(log, 'failover', metrics && (() => readFailover(metrics))),
    hear(log, 'alerts', alerts),
  ]);
  const { backed_up_s, archived_s, is_broken } = upkeep.found;
  const now_s = Date.parse(ctx.now()) / 1000;
  return {
    ...readinessOf(backlog.found, latency_ms, checked),
    release: ctx.settings.release,
    runtime: globalThis.navigator.userAgent,
    ...releases,
    traffic,
    failover,
    alerts: firing,
    backup: backupState({ ended_s: backed_up_s, now_s }),
    audit_archive: archiveState({ ended_s: archived_s, now_s, is_broken }),
  };
}

type Metrics = NonNullable<Observatory['metrics']>;

async function readTraffic(ask: Metrics): Promise<Traffic> {
  const [requests, errors, p95, p95OfAll] = await Promise.all([
    ask(TRAFFIC.requests),
    ask(TRAFFIC.errors),
    ask(TRAFFIC.p95),
    ask(TRAFFIC.p95_of_all),
  ]);
  const [failed, slowest] = [byRoute(errors), byRoute(p95)];
  const routes = [...byRoute(requests)]
    .map(([key, { labels, value }]) => ({
      method: labels.method ?? '',
      endpoint: labels.endpoint ?? '',
      requests: Math.round(value),
      errors: Math.round(failed.get(key)?.value ?? 0),
      p95_ms: msOf(slowest.get(key)),
    }))
    .filter(({ requests }) => requests > 0)
    .sort((a, b) => b.errors - a.errors || b.requests - a.requests);
  const sum = (of: 'requests' | 'errors') => routes.reduce((total, route) => total + route[of], 0);
  return {
    requests: sum('requests'),
    errors: sum('errors'),
    p95_ms: msOf(p95OfAll[0]),
    routes: routes.slice(0, ROUTES_MAX),
  };
}

async function readFailover(ask: Metrics): Promise<Failover> {
  const [[share], times] = await Promise.all([ask(FAILOVER.share), ask(FAILOVER.last_s)]);
  const last = times.toSorted((a, b) => b.value - a.value)[0];
  return {
    share: share && Number.isFinite(share.value) ? share.value : null,
    last_at: last ? new Date(last.value * 1000).toISOString() : null,
    last_reason: last?.labels.reason ?? null,
  };
}

const byRoute = (samples: Sample[]): Map<string, Sample> =>
  new Map(samples.map((sample) => [`${sample.labels.method} ${sample.labels.endpoint}`, sample]));

/** Of seconds; no figure where nothing was counted, or all of it was slower than the last bucket. */
const msOf = (sample: Sample | undefined): number | null =>
  sample && Number.isFinite(sample.value) ? Math.round(sample.value * 1000) : null;

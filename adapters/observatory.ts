import type { Observatory } from '../domain/observatory.ts';
import { alertmanager } from './observatory/alertmanager.ts';
import { loki } from './observatory/loki.ts';
import { prometheus } from './observatory/prometheus.ts';
import { parseObservatory } from './observatory/settings.ts';
import { tempo } from './observatory/tempo.ts';

/** A page waits no longer for any of them. */
const DEADLINE_MS = 2000;

/** Those that the environment names. */
export function observatoryFrom(env: Record<string, unknown>, deadline_ms = DEADLINE_MS): Observatory {
  const named = parseObservatory(env);
  const at = (url: string, headers: Record<string, string>) => ({ url, headers, deadline_ms });
  const { PROMETHEUS_URL, LOKI_QUERY_URL, TEMPO_URL, ALERTMANAGER_URL } = named;
  return {
    ...(PROMETHEUS_URL && { metrics: prometheus(at(PROMETHEUS_URL, named.PROMETHEUS_AUTH)) }),
    ...(LOKI_QUERY_URL && { lines: loki(at(LOKI_QUERY_URL, named.LOKI_QUERY_AUTH)) }),
    ...(TEMPO_URL && { spans: tempo(at(TEMPO_URL, named.TEMPO_AUTH)) }),
    ...(ALERTMANAGER_URL && { alerts: alertmanager(at(ALERTMANAGER_URL, named.ALERTMANAGER_AUTH)) }),
  };
}

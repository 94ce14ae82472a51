import { parseTelemetry } from '../../adapters/telemetry/settings.ts';
import { sinksFrom } from '../../adapters/telemetry/sinks.ts';
import { newCounts } from '../../domain/telemetry/counts.ts';
import { newLog } from '../../domain/telemetry/log.ts';
import { newTelemetry } from '../../domain/telemetry/telemetry.ts';
import type { Receiver } from './receiver.ts';

export const METRICS_TOKEN = 'a token that only tests show';

type Options = { share?: number; slow_ms?: number; deadline_ms?: number; runtime?: string };

/** What an isolate notes of itself, with all its sinks at one receiver, at once and not after a second. */
export function observed({ url }: Pick<Receiver, 'url'>, options: Options = {}) {
  const { share = 1, slow_ms = 60_000, deadline_ms = 500, runtime = 'edge' } = options;
  const settings = parseTelemetry({
    OTLP_URL: `${url}/v1/traces`,
    OTLP_HEADERS: 'x-tenant=honey%20due',
    LOKI_URL: `${url}/loki/api/v1/push`,
    LOKI_AUTH: 'loki:secret',
    ...(runtime === 'edge' && { METRICS_URL: `${url}/internal/metrics`, METRICS_TOKEN }),
  });
  const counts = newCounts(runtime);
  const failures: string[] = [];
  const sinks = sinksFrom(settings, counts, (sink, error) => void failures.push(`${sink}: ${error}`), {
    wait_ms: 0,
    deadline_ms,
    rest_ms: 0,
  });
  const printed: string[] = [];
  const telemetry = newTelemetry(counts, { share, slow_ms }, sinks);
  return {
    telemetry,
    printed,
    failures,
    log: newLog((line) => void printed.push(line), sinks.logs),
    flush: sinks.flush ?? (async () => {}),
  };
}

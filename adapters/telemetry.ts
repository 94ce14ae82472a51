import { newCounts } from '../domain/telemetry/counts.ts';
import { newLog } from '../domain/telemetry/log.ts';
import { newTelemetry, type Telemetry } from '../domain/telemetry/telemetry.ts';
import type { Log } from '../usecases/ports.ts';
import { parseTelemetry } from './telemetry/settings.ts';
import { sinksFrom } from './telemetry/sinks.ts';

type Here = {
  print(line: string): void;
  runtime: 'edge' | 'origin' | 'worker';
  /** Somebody comes for the counts. */
  isScraped?: boolean;
};

/** The log, and the notes that this isolate or process takes of itself: undefined if nobody would ever read them. */
export function telemetryFrom(
  env: Record<string, unknown>,
  { runtime, print, isScraped = false }: Here,
): { log: Log; telemetry: Telemetry | undefined } {
  const { METRICS_URL, ...settings } = parseTelemetry(env);
  const counts = newCounts(runtime);
  const failed = (sink: string, error: unknown) => newLog(print)('telemetry.failed', { sink, error: String(error) });
  // What is scraped is never taken away: only the edge sends its counts.
  const sinks = sinksFrom(runtime === 'edge' ? { ...settings, METRICS_URL } : settings, counts, failed);
  const sampling = { share: settings.TRACE_SHARE, slow_ms: settings.TRACE_SLOW_MS };
  const isRead = isScraped || sinks.flush !== undefined;
  return {
    log: newLog(print, sinks.logs),
    telemetry: isRead ? newTelemetry(counts, sampling, sinks) : undefined,
  };
}

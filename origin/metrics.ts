import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Db } from '../db/client.ts';
import type { Count } from '../domain/cache.ts';
import type { Telemetry } from '../domain/telemetry/telemetry.ts';
import { gaugesOf } from './metrics/gauges.ts';
import { newIngest } from './metrics/ingest.ts';
import { newRegistry } from './metrics/registry.ts';
import { serveMetrics } from './metrics/serve.ts';
import type { OriginSettings } from './settings.ts';

type Of = { telemetry: Telemetry | undefined; db: Db; count?: Count | undefined };
type Settings = Pick<OriginSettings, 'METRICS_PORT' | 'METRICS_TOKEN' | 'HOST' | 'RELEASE'>;

/** What the API shows of itself, of the edge and of the database; null: nobody comes for it. */
export async function showMetrics(settings: Settings, { telemetry, db, count }: Of) {
  const { METRICS_PORT, METRICS_TOKEN: token, RELEASE } = settings;
  if (METRICS_PORT === undefined || !telemetry) return null;
  const { counts } = telemetry;
  const releases = new Map([[counts.runtime, RELEASE]]);
  const registry = newRegistry({ counts, releases, gauges: gaugesOf(db) });
  const ingest = token === undefined ? null : newIngest({ counts, releases, db, token, count });
  return { ingest, ...(await listen(settings, registry)) };
}

/** What a worker shows, which nobody brings counts to; the database is the API's to show. */
export async function showOwnMetrics(settings: Settings, telemetry: Telemetry | undefined) {
  if (settings.METRICS_PORT === undefined || !telemetry) return null;
  const { counts } = telemetry;
  const registry = newRegistry({ counts, releases: new Map([[counts.runtime, settings.RELEASE]]) });
  return await listen(settings, registry);
}

async function listen({ METRICS_PORT: port = 0, HOST: host }: Settings, registry: ReturnType<typeof newRegistry>) {
  const server = serveMetrics(registry, { port, host });
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return { port: address.port, close: () => void server.close() };
}

import { setTimeout as pause } from 'node:timers/promises';
import { type Http2Bindings, type HttpBindings, serve } from '@hono/node-server';
import { telemetryFrom } from '../adapters/telemetry.ts';
import { EDGE_QUEUES } from '../domain/event.ts';
import { app } from '../workers/app.ts';
import { RING_PATH } from '../workers/failover/ring-path.ts';
import { answerCaller, trustOf } from './caller.ts';
import { dashboardFrom } from './dashboard.ts';
import { INGEST_PATH } from './metrics/ingest.ts';
import { showMetrics } from './metrics.ts';
import { startPolling } from './poll.ts';
import { rung } from './rung.ts';
import { parseEnvironment } from './settings.ts';
import { endShift, newShift } from './shift.ts';
import { wire } from './wire.ts';

const settings = parseEnvironment(process.env);
const shift = newShift(settings.POLL ? undefined : EDGE_QUEUES);
const observed = telemetryFrom(process.env, {
  runtime: 'origin',
  print: console.log,
  isScraped: settings.METRICS_PORT !== undefined,
});
const { log, telemetry } = observed;
const { neon, worker, portsFor, drained, count } = wire(settings, process.env, shift, observed);
const metrics = await showMetrics(settings, { telemetry, db: worker.db, count });

if (settings.POOL_WARM > 0) {
  // A database that is away must not keep the origin from starting: it answers 503 until the database is back.
  await neon.warm(settings.DATABASE_URL, settings.POOL_WARM).then(
    ({ opened, ms }) => log('pool.warm', { opened, ms: Math.round(ms) }),
    (error) => log('pool.cold', { error: String(error) }),
  );
}

const dashboard = settings.ADMIN_HOSTS.length > 0 ? dashboardFrom(settings.DASHBOARD_FOLDER) : null;
const trust = trustOf(settings);
let isLeaving = false;

const server = serve({ fetch: answer, port: settings.PORT, hostname: settings.HOST }, ({ port }) =>
  log('origin.listening', { port }),
);

async function answer(asked: Request, { incoming, outgoing }: HttpBindings | Http2Bindings): Promise<Response> {
  // Whoever comes again shall come to somebody else.
  if (isLeaving && 'shouldKeepAlive' in outgoing) outgoing.shouldKeepAlive = false;
  const { pathname: asked_for } = new URL(asked.url);
  if (metrics?.ingest && asked_for === INGEST_PATH) return await metrics.ingest(asked);
  if (asked_for === RING_PATH) return await rung(asked, trust, worker);
  if (asked_for === '/health')
    return Response.json({ status: isLeaving ? 'leaving' : 'ok' }, { status: isLeaving ? 503 : 200 });
  return await answerCaller(asked, incoming.socket.remoteAddress ?? 'unknown', trust, ({ request, address }) => {
    const { host, pathname } = new URL(request.url);
    if (dashboard && settings.ADMIN_HOSTS.includes(host) && !pathname.startsWith('/api/'))
      return dashboard.fetch(request);
    return app.fetch(request, portsFor(address));
  });
}

const stopPolling = settings.POLL ? startPolling(worker) : async () => {};

/** Whoever asks for readiness hears it first; then requests under way are answered and their events worked off, or given back. */
async function stop(): Promise<void> {
  isLeaving = true;
  await pause(settings.LINGER_S * 1000);
  await new Promise((resolve) => server.close(resolve));
  const done = stopPolling().then(drained);
  await endShift(shift, { done, patience_ms: settings.DRAIN_S * 1000, db: worker.db, log });
  await neon.close();
  metrics?.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());

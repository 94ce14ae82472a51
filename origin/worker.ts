import { serve } from '@hono/node-server';
import { telemetryFrom } from '../adapters/telemetry.ts';
import { RING_PATH } from '../workers/failover/ring-path.ts';
import { trustOf } from './caller.ts';
import { showOwnMetrics } from './metrics.ts';
import { startPolling } from './poll.ts';
import { rung } from './rung.ts';
import { parseEnvironment } from './settings.ts';
import { endShift, newShift } from './shift.ts';
import { wire } from './wire.ts';

// Works off what takes long, beside the API and without one: any number of these may run, since each event is leased.
const settings = parseEnvironment(process.env);
const shift = newShift();
const observed = telemetryFrom(process.env, {
  runtime: 'worker',
  print: console.log,
  isScraped: settings.METRICS_PORT !== undefined,
});
const { log, telemetry } = observed;
const { neon, worker, drained } = wire(settings, process.env, shift, observed);
await showOwnMetrics(settings, telemetry);

const stopPolling = startPolling(worker);

const trust = trustOf(settings);
serve({ fetch: answer, port: settings.PORT, hostname: settings.HOST }, ({ port }) => log('worker.listening', { port }));

/** Whether this process still turns: the database is no reason to start it anew. And the edge, which rings. */
async function answer(asked: Request): Promise<Response> {
  const { pathname } = new URL(asked.url);
  if (pathname === RING_PATH) return await rung(asked, trust, worker);
  if (!/^\/health\/?$/.test(pathname)) return Response.json({}, { status: 404 });
  return Response.json({ status: shift.is_over ? 'draining' : 'ok', held: shift.held.size });
}

/** What is under way comes to its end, or is given back for another worker to begin again. */
async function stop(): Promise<void> {
  const done = stopPolling().then(drained);
  await endShift(shift, { done, patience_ms: settings.DRAIN_S * 1000, db: worker.db, log });
  await neon.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());

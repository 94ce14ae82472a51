import { serve } from '@hono/node-server';
import { EDGE_QUEUES } from '../domain/event.ts';
import { app } from '../workers/app.ts';
import { startPolling } from './poll.ts';
import { parseEnvironment } from './settings.ts';
import { endShift, newShift } from './shift.ts';
import { log, wire } from './wire.ts';

const settings = parseEnvironment(process.env);
const shift = newShift(settings.POLL ? undefined : EDGE_QUEUES);
const { neon, worker, portsFor, drained } = wire(settings, process.env, shift);

if (settings.POOL_WARM > 0) {
  // A database that is away must not keep the origin from starting: it answers 503 until the database is back.
  await neon.warm(settings.DATABASE_URL, settings.POOL_WARM).then(
    ({ opened, ms }) => log('pool.warm', { opened, ms: Math.round(ms) }),
    (error) => log('pool.cold', { error: String(error) }),
  );
}

const server = serve(
  {
    fetch: (request, { incoming }) => app.fetch(request, portsFor(incoming.socket.remoteAddress ?? 'unknown')),
    port: settings.PORT,
    hostname: settings.HOST,
  },
  ({ port }) => log('origin.listening', { port }),
);

const stopPolling = settings.POLL ? startPolling(worker) : async () => {};

/** Requests under way are answered and their events worked off, or given back, before the pool closes. */
async function stop(): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
  const done = stopPolling().then(drained);
  await endShift(shift, { done, patience_ms: settings.DRAIN_S * 1000, db: worker.db, log });
  await neon.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());

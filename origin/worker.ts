import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startPolling } from './poll.ts';
import { parseEnvironment } from './settings.ts';
import { endShift, newShift } from './shift.ts';
import { log, wire } from './wire.ts';

// Works off what takes long, beside the API and without one: any number of these may run, since each event is leased.
const settings = parseEnvironment(process.env);
const shift = newShift();
const { neon, worker, drained } = wire(settings, process.env, shift);

const stopPolling = startPolling(worker);

/** Says that this process still turns. The database is no reason to start it anew. */
const health = createServer((request, response) => {
  const isHealth = request.url === '/health' || request.url === '/health/';
  response.writeHead(isHealth ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isHealth ? { status: shift.is_over ? 'draining' : 'ok', held: shift.held.size } : {}));
});
health.listen(settings.PORT, settings.HOST, () => {
  const { port } = health.address() as AddressInfo;
  log('worker.listening', { port });
});

/** What is under way comes to its end, or is given back for another worker to begin again. */
async function stop(): Promise<void> {
  const done = stopPolling().then(drained);
  await endShift(shift, { done, patience_ms: settings.DRAIN_S * 1000, db: worker.db, log });
  await neon.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());

import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { neonConfig } from '@neondatabase/serverless';
import { connect } from '../db/client.ts';
import { checkReadiness } from '../usecases/check-readiness.ts';
import { newMeter } from '../usecases/meter.ts';
import type { Log } from '../usecases/ports.ts';
import { createNeon } from './neon/fetch.ts';
import { parseEnvironment } from './settings.ts';

// Ends when the database has every migration of this release, and fails if it has not after a while. An init container
// of each pod that needs them: until then a rollout goes no further, and the pods of the release before serve.
const PAUSE_MS = 3000;
const TRIP_MS = 10_000;

const log: Log = (event, fields = {}) => console.log(JSON.stringify({ event, ...fields }));
const { values: options } = parseArgs({ options: { 'patience-s': { type: 'string', default: '600' } } });
const patience_ms = Number(options['patience-s']) * 1000;
const { DATABASE_URL } = parseEnvironment(process.env);
const neon = createNeon({
  maxConnections: 1,
  onConnectionError: (error) => log('pool.lost', { error: String(error) }),
});
neonConfig.fetchFunction = neon.fetch;
const db = connect(DATABASE_URL, () => AbortSignal.timeout(TRIP_MS));

const isCurrent = await becomesCurrent();
await neon.close();
process.exit(isCurrent ? 0 : 1);

async function becomesCurrent(): Promise<boolean> {
  for (const began = performance.now(); ; await pause(PAUSE_MS)) {
    const { parts } = await checkReadiness({ db, log, meter: newMeter() });
    const { state, applied, expected } = parts.schema;
    log('schema.asked', { database: parts.database.state, state, applied, expected });
    if (state === 'ok') return true;
    if (performance.now() - began > patience_ms) return false;
  }
}

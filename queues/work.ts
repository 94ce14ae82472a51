import type { Leased } from '../db/leases.ts';
import { Event } from '../domain/event.ts';
import { newMeter } from '../usecases/meter.ts';
import type { Worker } from '../usecases/ports.ts';
import { act } from './act.ts';
import { type Batch, fail } from './batch.ts';
import { type Job, type Jobs, type Piece, USUAL } from './job.ts';
import { read } from './read.ts';
import { record } from './record.ts';

/**
 * Works off what was leased together: one trip reads for all of it, the acts follow a few at a time, one trip records.
 * What fails fails alone. Throws only while the database is away; what was leased is then due again when its lease lapses.
 */
export async function work(worker: Worker, jobs: Jobs, leased: Leased[], lease_s: number): Promise<void> {
  if (leased.length === 0) return;
  const started = performance.now();
  const batch: Batch = { worker, meter: newMeter(), lease_s, failures: [] };
  const pieces = leased.flatMap((one) => begin(batch, jobs, one));
  await record(batch, await act(batch, await read(batch, pieces)));
  const { meter, failures } = batch;
  const [failed, db_ms, ms] = [failures.length, Math.round(meter.db_ms), Math.round(performance.now() - started)];
  worker.log('batch', { events: leased.length, failed, trips: meter.trips, db_ms, ms });
}

/** Nothing, if it is no event of this release, or if its consumers die of it. */
function begin(batch: Batch, jobs: Jobs, leased: Leased): Piece[] {
  const { success, data: event, error } = Event.safeParse(leased.event);
  if (!success) {
    fail(batch, { leased, policy: USUAL }, error);
    return [];
  }
  const job: Job = jobs[event.type];
  const policy = { ...USUAL, ...job.policy };
  if (leased.attempts > policy.max_attempts) {
    fail(batch, { leased, policy }, new Error('Whoever worked on it ended without a word, time after time.'));
    return [];
  }
  return [{ leased, event, job, policy, found: null }];
}

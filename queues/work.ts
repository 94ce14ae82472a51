import type { Leased } from '../db/leases.ts';
import { Event } from '../domain/event.ts';
import { newMeter } from '../usecases/meter.ts';
import type { Worker } from '../usecases/ports.ts';
import { act } from './act.ts';
import { type Batch, fail } from './batch.ts';
import { type Job, type Jobs, type Piece, USUAL } from './job.ts';
import { findOutdated, outdate, owe } from './outdate.ts';
import { read } from './read.ts';
import { record } from './record.ts';
import { watch } from './watch.ts';

/**
 * Works off what was leased together: one trip reads for all of it, the acts follow a few at a time, one trip records.
 * What fails fails alone. Throws only while the database is away; what was leased is then due again when its lease lapses.
 */
export async function work(worker: Worker, jobs: Jobs, leased: Leased[], lease_s: number): Promise<void> {
  if (leased.length === 0) return;
  const started = performance.now();
  const meter = newMeter();
  const watched = watch(worker, leased, meter);
  const batch: Batch = { worker, meter, lease_s, failures: [], started, watch: watched };
  try {
    await workOff(batch, jobs, leased);
  } finally {
    watched.close();
  }
  const [failed, db_ms, ms] = [batch.failures.length, Math.round(meter.db_ms), Math.round(performance.now() - started)];
  worker.log('batch', { events: leased.length, failed, trips: meter.trips, db_ms, ms });
}

async function workOff(batch: Batch, jobs: Jobs, leased: Leased[]): Promise<void> {
  const pieces = leased.flatMap((one) => begin(batch, jobs, one));
  const outdated = await findOutdated(batch, pieces);
  const [acted, owed] = await Promise.all([
    read(batch, pieces).then((found) => act(batch, found)),
    outdate(batch, outdated),
  ]);
  await owe(batch, owed);
  await record(batch, acted);
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

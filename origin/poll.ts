import { findDue } from '../db/outbox.ts';
import { type Bell, EDGE_QUEUES, type Queue } from '../domain/event.ts';
import { newMeter } from '../usecases/meter.ts';
import type { Worker } from '../usecases/ports.ts';
import { trip } from '../usecases/trip.ts';

const POLL_MS = 15_000;
/** What one look takes up of each queue at most. */
const BATCH = 100;
/** Then the edge, which rings each minute, is not there. */
const LATE_S = 150;

type Watch = { queues: readonly Queue[]; late_s: number; overlaps?: boolean };

/**
 * What nobody else does, and whatever the edge leaves undone: each by itself, for a long job must hold up no push, nor
 * another job that comes while it runs.
 */
const WATCHES: Watch[] = [
  { queues: ['apns'], late_s: 0 },
  { queues: ['long'], late_s: 0, overlaps: true },
  { queues: EDGE_QUEUES, late_s: LATE_S },
];

/** Looks once at everything that is watched, and works it off. */
export async function poll(worker: Pick<Worker, 'db' | 'ring'>): Promise<void> {
  await Promise.all(WATCHES.map(async (watch) => worker.ring(await look(worker, watch))));
}

async function look({ db }: Pick<Worker, 'db'>, { queues, late_s }: Watch): Promise<Bell[]> {
  const meter = newMeter();
  const [{ rows }] = await trip({ db, meter }, [findDue(db, queues, BATCH, late_s)]);
  return rows.map(({ bell }) => bell);
}

/** Polls until it is stopped; the promise of that ends with what is under way. */
export function startPolling(worker: Worker): () => Promise<void> {
  const busy = new Set<Watch>();
  const running = new Set<Promise<void>>();
  const lookAt = async (watch: Watch) => {
    busy.add(watch);
    try {
      const bells = await look(worker, watch);
      if (watch.overlaps) busy.delete(watch);
      await worker.ring(bells);
    } catch (error) {
      worker.log('poll.failed', { error: String(error) });
    } finally {
      busy.delete(watch);
    }
  };
  const timer = setInterval(() => {
    for (const watch of WATCHES) {
      if (busy.has(watch)) continue;
      const looked = lookAt(watch).then(() => void running.delete(looked));
      running.add(looked);
    }
  }, POLL_MS);
  return async () => {
    clearInterval(timer);
    await Promise.all(running);
  };
}

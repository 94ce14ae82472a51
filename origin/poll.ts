import { findDue } from '../db/outbox.ts';
import { Queue } from '../domain/event.ts';
import type { Worker } from '../usecases/ports.ts';
import { trip } from '../usecases/trip.ts';

const POLL_MS = 15_000;
/** What one look takes up at most. */
const BATCH = 100;
/** Then the edge, which rings each minute, is not there. */
const LATE_S = 150;

/** Works off `long` events, which nobody else does, and whatever the edge leaves undone. */
export async function poll({ db, ring }: Pick<Worker, 'db' | 'ring'>): Promise<void> {
  const others = Queue.options.filter((queue) => queue !== 'long');
  const meter = { trips: 0, db_ms: 0, auth_ms: 0 };
  const answers = await trip({ db, meter }, [findDue(db, ['long'], BATCH), findDue(db, others, BATCH, LATE_S)]);
  await ring(answers.flatMap(({ rows }) => rows.map(({ bell }) => bell)));
}

/** Polls until it is stopped, never twice at once; the promise of that ends with what is under way. */
export function startPolling(worker: Worker): () => Promise<void> {
  let looking: Promise<void> | undefined;
  const look = () => {
    looking ??= poll(worker)
      .catch((error) => worker.log('poll.failed', { error: String(error) }))
      .finally(() => {
        looking = undefined;
      });
  };
  const timer = setInterval(look, POLL_MS);
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

import { failEvent, finishEvent, type Leased, leaseEvents } from '../db/outbox.ts';
import { Doorbell, Event } from '../domain/event.ts';
import type { Ports } from '../usecases/ports.ts';
import { trip } from '../usecases/trip.ts';
import { handle } from './handle.ts';

/** A message as Cloudflare pushes it, and as the origin hands it over. */
export type Delivery = { body: unknown; attempts: number; ack(): void; retry(options: { delaySeconds: number }): void };

type Worker = Pick<Ports, 'db' | 'ring' | 'log'>;

/** Longer than a batch of events ever takes: an event whose consumer died is picked up after it. */
const LEASE_S = 60;
const MAX_ATTEMPTS = 8;
const FIRST_RETRY_S = 5;
const LONGEST_RETRY_S = 3600;

/**
 * Works off the events that the doorbells name. The outbox owns the retries: every message is acknowledged, a failure
 * included, except while the database is out of reach. It never throws: that would drag a batch into the dead letters.
 */
export async function consume(worker: Worker, deliveries: readonly Delivery[]): Promise<void> {
  const doorbells = deliveries.map((delivery) => ({ delivery, ids: idsOf(worker, delivery) }));
  try {
    const ids = [...new Set(doorbells.flatMap(({ ids }) => ids))];
    const leased = ids.length > 0 ? await lease(worker, ids) : [];
    for (const event of leased) await work(worker, event);
    for (const { delivery } of doorbells) delivery.ack();
  } catch (error) {
    worker.log('consume.failed', { error: String(error), deliveries: deliveries.length });
    for (const { delivery } of doorbells) delivery.retry({ delaySeconds: retryAfter(delivery.attempts) });
  }
}

/** A message that is no doorbell rings for nothing; it is logged and acknowledged with the rest. */
function idsOf(worker: Worker, { body }: Delivery): number[] {
  const doorbell = Doorbell.safeParse(body);
  if (!doorbell.success) worker.log('doorbell.broken', { body: JSON.stringify(body)?.slice(0, 200) });
  return doorbell.success ? [doorbell.data.event_id] : [];
}

async function lease({ db }: Worker, ids: number[]): Promise<Leased[]> {
  const [answer] = await trip({ db, meter: unmetered() }, [leaseEvents(db, ids, LEASE_S)]);
  return answer.rows.map(({ found }) => found);
}

/** The effects of an event and its end in one batch, or the failure on its row. */
async function work(worker: Worker, leased: Leased): Promise<void> {
  const { db, log } = worker;
  const { event_id, attempts, traceparent } = leased;
  const started = performance.now();
  try {
    const effects = handle(worker, event_id, Event.parse(leased.event));
    await trip({ db, meter: unmetered() }, [finishEvent(db, leased), ...effects]);
    log('job', {
      event_id,
      type: leased.event.type,
      attempts,
      traceparent,
      ms: Math.round(performance.now() - started),
    });
  } catch (error) {
    const retry_s = attempts < MAX_ATTEMPTS ? retryAfter(attempts) : null;
    log('job.failed', { event_id, type: leased.event.type, attempts, traceparent, retry_s, error: String(error) });
    await trip({ db, meter: unmetered() }, [failEvent(db, leased, String(error).slice(0, 2000), retry_s)]);
    if (retry_s !== null)
      await worker.ring([event_id], retry_s).catch((failure) => log('ring.failed', { error: String(failure) }));
  }
}

/** Doubles, and spreads over half of itself so that what failed together does not return together. */
const retryAfter = (attempts: number): number => {
  const longest = Math.min(FIRST_RETRY_S * 2 ** (attempts - 1), LONGEST_RETRY_S);
  return Math.ceil(longest / 2 + (Math.random() * longest) / 2);
};

const unmetered = () => ({ trips: 0, db_ms: 0, auth_ms: 0 });

import { type Leased, leaseEvents } from '../db/outbox.ts';
import { Doorbell } from '../domain/event.ts';
import type { Worker } from '../usecases/ports.ts';
import { trip } from '../usecases/trip.ts';
import { retryAfter, unmetered, work } from './work.ts';

/** A message as Cloudflare pushes it, and as the origin hands it over. */
export type Delivery = { body: unknown; attempts: number; ack(): void; retry(options: { delaySeconds: number }): void };

/** Longer than those that are leased together ever take: an event whose consumer died is picked up after it. */
const LEASE_S = 60;
/** Workers have six connections open at once; one slow carrier must not hold up a whole batch. */
const TOGETHER = 5;

/**
 * Works off the events that the doorbells name. The outbox owns the retries: every message is acknowledged, a failure
 * included, except while the database is out of reach. It never throws: that would drag a batch into the dead letters.
 */
export async function consume(worker: Worker, deliveries: readonly Delivery[]): Promise<void> {
  const doorbells = deliveries.map((delivery) => ({ delivery, ids: idsOf(worker, delivery) }));
  try {
    const ids = [...new Set(doorbells.flatMap(({ ids }) => ids))];
    for (let at = 0; at < ids.length; at += TOGETHER) {
      const leased = await lease(worker, ids.slice(at, at + TOGETHER));
      await Promise.all(leased.map((event) => work(worker, event)));
    }
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

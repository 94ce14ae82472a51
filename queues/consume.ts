import { type Claim, claimEvents, type Leased } from '../db/leases.ts';
import { Doorbell } from '../domain/event.ts';
import { newMeter } from '../usecases/meter.ts';
import type { Worker } from '../usecases/ports.ts';
import { trip } from '../usecases/trip.ts';
import { retryAfter } from './fate.ts';
import { JOBS } from './handle.ts';
import type { Jobs } from './job.ts';
import { work } from './work.ts';

/** A message as Cloudflare pushes it, and as the origin hands it over. */
export type Delivery = { body: unknown; attempts: number; ack(): void; retry(options: { delaySeconds: number }): void };

/** Long enough for a trip that hangs; whatever takes longer renews it. An event whose consumer died waits for its end. */
const LEASE_S = 60;
/** So many are worked off together. */
const BATCH = 500;

type Options = {
  jobs?: Jobs;
  lease_s?: number;
  /** Holds what is worked on, for somebody who may have to give it back. */
  held?: Set<Leased>;
};

/**
 * Works off the events that the doorbells name. The outbox owns the retries: every message is acknowledged, a failure
 * included, except while the database is out of reach. It never throws: that would drag a batch into the dead letters.
 */
export async function consume(worker: Worker, deliveries: readonly Delivery[], options: Options = {}): Promise<void> {
  const ids = new Set(deliveries.flatMap((delivery) => idsOf(worker, delivery)));
  try {
    for (const some of chunksOf([...ids], BATCH)) await workOff(worker, some, options);
    for (const delivery of deliveries) delivery.ack();
  } catch (error) {
    worker.log('consume.failed', { error: String(error), deliveries: deliveries.length });
    for (const delivery of deliveries) delivery.retry({ delaySeconds: retryAfter(delivery.attempts) });
  }
}

/** A message that is no doorbell rings for nothing; it is logged and acknowledged with the rest. */
function idsOf(worker: Worker, { body }: Delivery): number[] {
  const doorbell = Doorbell.safeParse(body);
  if (!doorbell.success) worker.log('doorbell.broken', { body: JSON.stringify(body)?.slice(0, 200) });
  return doorbell.success ? [doorbell.data.event_id] : [];
}

/**
 * Together, except for those whose last consumer ended without a word: one of them may have ended it. Each of these is
 * leased alone and in no order, so that it takes nobody else with it and is a dead letter in the end.
 */
async function workOff(worker: Worker, ids: number[], options: Options): Promise<void> {
  const { jobs = JOBS, lease_s = LEASE_S, held = new Set() } = options;
  const workOn = async ({ leased }: Claim) => {
    for (const lease of leased) held.add(lease);
    try {
      await work(worker, jobs, leased, lease_s);
    } finally {
      for (const lease of leased) held.delete(lease);
    }
  };
  const claimed = await claim(worker, ids, lease_s, false);
  await workOn(claimed);
  for (const id of claimed.lapsed) await workOn(await claim(worker, [id], lease_s, true));
}

async function claim({ db }: Worker, ids: number[], lease_s: number, lapsed_too: boolean): Promise<Claim> {
  const meter = newMeter();
  const [answer] = await trip({ db, meter }, [claimEvents(db, ids, lease_s, lapsed_too)]);
  return answer.rows[0]?.found ?? { leased: [], lapsed: [] };
}

const chunksOf = <T>(items: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));

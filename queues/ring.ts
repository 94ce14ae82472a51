import { findDue } from '../db/outbox.ts';
import { type Bell, type Doorbell, EDGE_QUEUES, type Queue } from '../domain/event.ts';
import type { Ports } from '../usecases/ports.ts';
import { chunksOf } from './chunks-of.ts';

/** What one tick rings for at most in each queue; the rest is due at the next. */
const BATCH = 500;
/** What a queue takes in one call. */
const CALL = 100;
/** What a queue delays a message by. Who waits longer is rung for when the time has come. */
const LONGEST_DELAY_S = 12 * 3600;

type Message = { body: Doorbell; delaySeconds: number };
type Send = { sendBatch(messages: Message[]): Promise<unknown> };

/**
 * Rings for each event in its own queue; one that is away keeps no other from being rung. What has no queue here is found
 * by whoever polls for it.
 */
export const ringIn =
  (queues: Partial<Record<Queue, Send>>): Ports['ring'] =>
  async (bells) => {
    const rung = await Promise.allSettled(
      [...Map.groupBy(bells, ({ queue }) => queue)].map(async ([name, alike]) => {
        for (const some of chunksOf(alike, CALL)) await queues[name]?.sendBatch(some.map(toMessage));
      }),
    );
    const away = rung.find(({ status }) => status === 'rejected');
    if (away?.status === 'rejected') throw away.reason;
  };

const toMessage = ({ event_id, delay_s = 0 }: Bell): Message => ({
  body: { event_id },
  delaySeconds: Math.min(delay_s, LONGEST_DELAY_S),
});

/** Rings for every event that is due and that nobody works on: what a lost bell costs is a minute. */
export async function ringDue({ db, ring, log }: Pick<Ports, 'db' | 'ring' | 'log'>): Promise<void> {
  const { rows } = await findDue(db, EDGE_QUEUES, BATCH);
  if (rows.length === 0) return;
  log('ring.due', { events: rows.length });
  await ring(rows.map(({ bell }) => bell));
}

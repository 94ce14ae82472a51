import pLimit from 'p-limit';
import type { Bell } from '../domain/event.ts';
import { consume } from '../queues/consume.ts';
import type { Worker } from '../usecases/ports.ts';
import { newShift, type Shift } from './shift.ts';

/** Of the events of `long`, so many at once: each may hold a whole file, and start a process for it. */
const LONG_AT_ONCE = 3;

/**
 * Works off events in this process, each queue's by themselves. What is to wait is found when its time has come. One that
 * is long is worked off alone, so that none is recorded late because of another. Nothing is taken up after the shift's end,
 * nor for queues that are not its own: whoever polls finds it.
 */
export function ringHere(made: Omit<Worker, 'ring'>, shift: Shift = newShift()): Worker {
  const turn = pLimit(LONG_AT_ONCE);
  /** What waits for a turn is found again by each poll. */
  const taken = new Set<number>();
  const worker: Worker = {
    ...made,
    async ring(bells) {
      const due = bells.filter(({ queue, delay_s = 0 }) => delay_s === 0 && shift.queues.includes(queue));
      const queues = Map.groupBy(due, ({ queue }) => queue);
      const long = queues.get('long') ?? [];
      queues.delete('long');
      await Promise.all([...[...queues.values()].map((alike) => take(alike)), ...long.map(takeLong)]);
    },
  };
  const take = async (bells: Bell[], by = worker): Promise<void> => {
    if (!shift.is_over) await consume(by, bells.map(toDelivery), { held: shift.held });
  };
  /** What follows from it waits for a turn of its own, when this one has ended: or all turns would wait for another. */
  const takeLong = async (bell: Bell): Promise<void> => {
    if (taken.has(bell.event_id)) return;
    taken.add(bell.event_id);
    const following: Bell[] = [];
    const ring = async (bells: Bell[]) => void following.push(...bells);
    await turn(() => take([bell], { ...worker, ring })).finally(() => taken.delete(bell.event_id));
    await worker.ring(following);
  };
  return worker;
}

/** There is nothing to be told of how it went: the outbox knows. */
const toDelivery = ({ event_id }: { event_id: number }) => ({
  body: { event_id },
  attempts: 1,
  ack() {},
  retry() {},
});

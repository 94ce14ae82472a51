import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../db/client.ts';
import { giveBack, type Leased } from '../db/leases.ts';
import { Queue } from '../domain/event.ts';
import { newMeter } from '../usecases/meter.ts';
import type { Log } from '../usecases/ports.ts';
import { trip } from '../usecases/trip.ts';

/** What this process works off, what it works on now, and whether it takes up anything more. */
export type Shift = { queues: readonly Queue[]; held: Set<Leased>; is_over: boolean };

export const newShift = (queues: readonly Queue[] = Queue.options): Shift => ({
  queues,
  held: new Set(),
  is_over: false,
});

type Ending = {
  /** Settles when all that is under way has ended. */
  done: Promise<unknown>;
  patience_ms: number;
  db: Db;
  log: Log;
};

/**
 * Takes up nothing more and waits for what is under way. What takes too long is given back: somebody else begins it again
 * at once, and need not wait for its lease to lapse. The process has to end then, for it would still act.
 */
export async function endShift(shift: Shift, { done, patience_ms, db, log }: Ending): Promise<void> {
  shift.is_over = true;
  const isDone = await Promise.race([done.then(() => true), pause(patience_ms, false, { ref: false })]);
  const left = [...shift.held];
  log('shift.over', { is_done: isDone, given_back: left.map(({ event_id }) => event_id) });
  if (left.length === 0) return;
  const meter = newMeter();
  // If the database is away, the leases lapse within a minute.
  await trip({ db, meter }, [giveBack(db, left)]).catch((error) =>
    log('shift.not_given_back', { error: String(error) }),
  );
}

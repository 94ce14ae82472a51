import type { Db, Statement } from '../../db/client.ts';
import { allowTime, eraseResidence, findErasable } from '../../db/residences.ts';
import { newMeter } from '../meter.ts';
import type { Ports } from '../ports.ts';
import { trip } from '../trip.ts';

/** In one run; the rest goes in the next. */
const HOMES = 100;
/** A home of ten thousand tasks takes longer than a request may. */
const SECONDS = 10;

/** Erases homes whose time of grace is over, each in a transaction of its own: one that will not go keeps no other. */
export async function eraseResidences({ db, log }: Pick<Ports, 'db' | 'log'>): Promise<void> {
  const to = { db, meter: newMeter() };
  const [found] = await trip(to, [findErasable(db, HOMES)]);
  const failed: unknown[] = [];
  for (const { residence_id } of found.rows) {
    try {
      await trip(to, erasing(db, residence_id));
      log('residence.erased', { residence_id });
    } catch (error) {
      log('residence.not_erased', { residence_id, error: String(error) });
      failed.push(error);
    }
  }
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} homes could not be erased.`);
}

/** What is to happen with a home's end comes before it: afterwards nothing of it can be found. */
const erasing = (db: Db, residence_id: number): [Statement, ...Statement[]] => [
  allowTime(db, SECONDS),
  eraseResidence(db, residence_id),
];

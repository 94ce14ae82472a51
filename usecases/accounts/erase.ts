import {
  eraseOwnHome,
  eraseUser,
  erasureRounds,
  findErasableUsers,
  findOwnHomes,
  forgetAddress,
  forgetCustomer,
} from '../../db/account-erasure.ts';
import type { Statement } from '../../db/client.ts';
import { allowTime } from '../../db/residences.ts';
import { newMeter } from '../meter.ts';
import type { Ports } from '../ports.ts';
import { trip } from '../trip.ts';

/** In one run; the rest goes in the next. A Worker has a thousand questions. */
const USERS = 50;
/** What a statement touches at once, within its time. */
const ROWS = 1000;
/** A home of ten thousand tasks takes longer than a request may. */
const SECONDS = 10;

type Reach = Pick<Ports, 'db' | 'log'>;

/** Erases accounts whose time of grace is over; one that will not go keeps no other, and goes on where it was. */
export async function eraseUsers(reach: Reach): Promise<void> {
  const { db, log } = reach;
  const [found] = await trip(asking(reach), [findErasableUsers(db, USERS)]);
  const failed: unknown[] = [];
  for (const { user_id } of found.rows) {
    try {
      await erase(reach, user_id);
      log('user.erased', { user_id });
    } catch (error) {
      log('user.not_erased', { user_id, error: String(error) });
      failed.push(error);
    }
  }
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} accounts could not be erased.`);
}

/** Homes first, each by itself; then whatever else names the user, in rounds; the row at the end, which nothing names. */
async function erase(reach: Reach, user_id: number): Promise<void> {
  const { db } = reach;
  const [homes] = await trip(asking(reach), [findOwnHomes(db, user_id)]);
  for (const { residence_id } of homes.rows) await patiently(reach, eraseOwnHome(db, user_id, residence_id));
  for (let [first, ...rest] = erasureRounds(db, user_id, ROWS); first; ) {
    const rounds = [first, ...rest] as const;
    const results = await trip(asking(reach), rounds);
    [first, ...rest] = rounds.filter((_, n) => results[n]?.rowCount === ROWS);
  }
  await trip(asking(reach), [forgetCustomer(db, user_id), forgetAddress(db, user_id)]);
  const [, { rowCount }] = await patiently(reach, eraseUser(db, user_id));
  if (rowCount === 0) throw new Error('Somebody lives in a home that would be without an owner.');
}

const patiently = <S extends Statement>(reach: Reach, statement: S) =>
  trip(asking(reach), [allowTime(reach.db, SECONDS), statement]);

const asking = ({ db }: Reach) => ({ db, meter: newMeter() });

import { addOutdated, findReaders } from '../db/readers.ts';
import type { Event } from '../domain/event.ts';
import { trip } from '../usecases/trip.ts';
import type { Batch } from './batch.ts';
import type { Piece } from './job.ts';

/** After these somebody may no longer see what they saw: a session has ended, or a home is theirs no more. */
const ENDS: readonly Event['type'][] = [
  'user.signed_out',
  'user.password_changed',
  'user.identity_linked',
  'user.deleted',
  'member.left',
  'member.removed',
  'residence.deleted',
];

/** Of these the user that is named reads another board, besides the members of the home. */
const OWN = /^(user|member|residence)\./;

/** Whose boards are not what they were, and whose last good copies are to be forgotten. */
type Outdated = { readers: number[]; former: number[] };

/** Of a whole batch in one trip at most, and none where no cache is: so no job can forget it. */
export async function findOutdated({ worker: { db, cache }, meter }: Batch, pieces: Piece[]): Promise<Outdated> {
  if (!cache) return { readers: [], former: [] };
  const events = pieces.map(({ event }) => event);
  const ending = events.filter(({ type }) => ENDS.includes(type));
  const [readers, former] = [usersOf(events.filter(({ type }) => OWN.test(type))), usersOf(ending)];
  const changed = {
    homes: homesOf(events),
    ended_homes: homesOf(events.filter(({ type }) => type === 'residence.deleted')),
    ended_owners: usersOf(events.filter(({ type }) => type === 'user.deleted')),
  };
  if (changed.homes.length + changed.ended_owners.length === 0) return { readers, former };
  const [{ rows }] = await trip({ db, meter }, [findReaders(db, changed)]);
  return {
    readers: distinct([...readers, ...rows.flatMap((row) => row.readers)]),
    former: distinct([...former, ...rows.flatMap((row) => row.former)]),
  };
}

/**
 * Tells Redis. What it did not hear of boards is lost: each is compared with the database before it is served, and expires.
 * Of copies it is answered, for they would be shown for a day.
 */
export async function outdate({ worker }: Batch, { readers, former }: Outdated): Promise<number[]> {
  if (!worker.cache) return [];
  const { boards, copies } = worker.cache;
  const [, isHeard] = await Promise.all([boards.raise(readers), copies.forget(former, worker.now())]);
  return isHeard ? [] : former;
}

/** Redis is told later, by an event of its own: what else follows from these must not wait for it. */
export async function owe({ worker: { db, log }, meter }: Batch, user_ids: number[]): Promise<void> {
  if (user_ids.length === 0) return;
  log('cache.owed', { users: user_ids.length });
  await trip({ db, meter }, [addOutdated(db, user_ids)]);
}

const usersOf = (events: Event[]): number[] =>
  distinct(events.flatMap((event) => ('user_id' in event ? event.user_id : [])));

const homesOf = (events: Event[]): number[] =>
  distinct(events.flatMap((event) => ('residence_id' in event ? (event.residence_id ?? []) : [])));

const distinct = (ids: number[]): number[] => [...new Set(ids)];

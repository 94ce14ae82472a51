import type { Db, Statement } from '../db/client.ts';
import type { Leased } from '../db/leases.ts';
import type { Event } from '../domain/event.ts';
import type { Query } from '../usecases/ask.ts';
import type { Worker } from '../usecases/ports.ts';

export type Policy = {
  /** It is a dead letter after so many. */
  max_attempts: number;
  /** For one act; what it waits for is then given up. */
  deadline_ms: number;
  /** Whether an act of which nobody knows whether it happened is done again. If not, that is noted and left to an operator. */
  may_repeat_uncertain: boolean;
};

/** Ten minutes of tries. */
export const USUAL: Policy = { max_attempts: 8, deadline_ms: 20_000, may_repeat_uncertain: true };

/** An event that has come through its act. */
export type Done<E, Row, Outcome> = {
  event_id: number;
  event: E;
  found: Row | null;
  /** Null: there was no act, or it is uncertain whether it happened. */
  outcome: Outcome | null;
  is_uncertain: boolean;
};

/**
 * What follows from events of one type, in three steps of which each may be missing. All of it may run twice. Methods,
 * not functions, so that a job of one type of event fits where a job of any is wanted.
 */
export type Job<E extends Event = Event, Row = unknown, Outcome = unknown> = {
  policy?: Partial<Policy>;
  /** What the act and the effects need of these events, in one query; an event that is not answered found nothing. */
  read?(db: Db, event_ids: number[]): Query<{ event_id: string; found: Row }>;
  /** The call outside, with the event's id in its idempotency key. Not called for an event whose read found nothing. */
  act?(worker: Worker, found: Row, about: { event_id: number; event: E }): Promise<Outcome>;
  /** What to write. Committed with the events' ends; a `bell` column that a statement answers is rung with. */
  effects?(db: Db, done: Done<E, Row, Outcome>[]): Statement[];
};

/** A job for every type of event; the compiler names the one that is missing. */
export type Jobs = { [T in Event['type']]: Job<Extract<Event, { type: T }>> };

/** An event under lease, with its job and what that has found. */
export type Piece = { leased: Leased; event: Event; job: Job; policy: Policy; found: unknown };

/** It acts outside, and that may not happen twice. */
export const isOnce = ({ job, policy }: Piece): boolean => job.act !== undefined && !policy.may_repeat_uncertain;

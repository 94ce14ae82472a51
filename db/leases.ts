import { type SQL, sql } from 'drizzle-orm';
import type { Bell } from '../domain/event.ts';
import { type Db, statement } from './client.ts';
import { isWaiting } from './outbox.ts';

/** An event that somebody works on. `attempts` is the lease's own number: whoever has lost the lease has another one. */
export type Leased = Bell & {
  /** As it was written, perhaps by another release. */
  event: unknown;
  attempts: number;
  traceparent: string | null;
  /** Of the request that it came from, if there was one. */
  request_id?: string | null;
  /** An earlier attempt may have done what this event does outside. */
  is_uncertain: boolean;
};

/** `lapsed`: leases whose holder ended without a word; these are left unless they are asked for. */
export type Claim = { leased: Leased[]; lapsed: number[] };

/** Takes the lease on those of the events that are pending, due and free, and counts the attempt. */
export const claimEvents = (db: Db, event_ids: number[], lease_s: number, lapsed_too: boolean) =>
  statement<{ found: Claim }>(
    db,
    sql`with waiting as (
          select id, lease_until is not null as is_lapsed from outbox
          where id = any (${sql.param(event_ids)}::bigint[]) and ${isWaiting} order by id for update skip locked
        ), leased as (
          update outbox o set lease_until = now() + make_interval(secs => ${lease_s}), attempts = o.attempts + 1
          from waiting w where w.id = o.id and (${lapsed_too}::boolean or not w.is_lapsed)
          returning o.id, o.queue, o.event, o.attempts, o.traceparent, o.request_id, o.uncertain_at is not null as is_uncertain)
        select json_build_object(
          'leased', coalesce((select json_agg(json_build_object('event_id', id, 'queue', queue, 'event', event,
            'attempts', attempts, 'traceparent', traceparent, 'request_id', request_id, 'is_uncertain', is_uncertain) order by id) from leased), '[]'),
          'lapsed', coalesce((select json_agg(id order by random()) from waiting where is_lapsed), '[]')) as found`,
  );

/** The rows of those leases that nobody else has taken since. */
const held = (leased: Leased[]): SQL => {
  const ids = leased.map(({ event_id }) => event_id);
  const attempts = leased.map((lease) => lease.attempts);
  return sql`unnest(${sql.param(ids)}::bigint[], ${sql.param(attempts)}::int[]) as held (id, attempts)`;
};

export const renewLeases = (db: Db, leased: Leased[], lease_s: number) =>
  statement(
    db,
    sql`update outbox o set lease_until = now() + make_interval(secs => ${lease_s}) from ${held(leased)}
        where o.id = held.id and o.attempts = held.attempts and o.done_at is null and o.lease_until is not null`,
  );

/** From a consumer that has to end before it is done. The attempt counts: what it did may have begun. */
export const giveBack = (db: Db, leased: Leased[]) =>
  statement(
    db,
    sql`update outbox o set lease_until = null, run_at = now() from ${held(leased)}
        where o.id = held.id and o.attempts = held.attempts and o.done_at is null and o.lease_until is not null`,
  );

/** Before an act that is not done twice: from now on nobody knows whether it happened, until somebody says so. */
export const markUncertain = (db: Db, leased: Leased[]) =>
  statement(
    db,
    sql`update outbox o set uncertain_at = now() from ${held(leased)}
        where o.id = held.id and o.attempts = held.attempts and o.uncertain_at is null`,
  );

/** Ends events; in one batch with their effects, which a single lost lease undoes. */
export const finishEvents = (db: Db, leased: Leased[]) =>
  statement(db, sql`select hd_finish(held.id, held.attempts) from ${held(leased)}`);

/** What is known again of events that have ended. */
export const clearUncertain = (db: Db, leased: Leased[]) =>
  statement(db, sql`update outbox o set uncertain_at = null from ${held(leased)} where o.id = held.id`);

export type Note = { event_id: number; error: string };

/** What an operator should know of events that have ended. */
export const noteUncertain = (db: Db, notes: Note[]) =>
  statement(
    db,
    sql`update outbox o set uncertain_at = coalesce(o.uncertain_at, now()), last_error = note.error
        from jsonb_to_recordset(${JSON.stringify(notes)}::jsonb) as note (event_id bigint, error text)
        where o.id = note.event_id`,
  );

export type Failure = Note & {
  attempts: number;
  /** Null: no more. */
  retry_s: number | null;
  is_uncertain: boolean;
};

/** Back to waiting, or dead. Answers what is to be rung for when its time has come. */
export const failEvents = (db: Db, failures: Failure[]) =>
  statement<{ bell: Bell | null }>(
    db,
    sql`update outbox o set lease_until = null, last_error = f.error,
          uncertain_at = case when f.is_uncertain then coalesce(o.uncertain_at, now()) end,
          run_at = now() + make_interval(secs => coalesce(f.retry_s, 0)),
          dead_at = case when f.retry_s is null then now() end
        from jsonb_to_recordset(${JSON.stringify(failures)}::jsonb)
          as f (event_id bigint, attempts int, error text, retry_s int, is_uncertain boolean)
        where o.id = f.event_id and o.attempts = f.attempts and o.done_at is null
        returning case when f.retry_s is not null
          then json_build_object('event_id', o.id, 'queue', o.queue, 'delay_s', f.retry_s) end as bell`,
  );

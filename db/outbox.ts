import { is, SQL, sql } from 'drizzle-orm';
import type { Event } from '../domain/event.ts';
import { type Db, statement } from './client.ts';
import type { Origin } from './guard.ts';

/** An event of which some ids are known to the database alone until the batch has run. */
export type EventDraft = Event extends infer E
  ? E extends Event
    ? { [K in keyof E]: K extends 'type' ? E[K] : E[K] | SQL }
    : never
  : never;

export const addEvent = (db: Db, { type, ...ids }: EventDraft, { request_id, traceparent }: Origin) => {
  const pairs = Object.entries(ids).map(([name, id]) => sql`${name}::text, ${is(id, SQL) ? id : sql`${id}::bigint`}`);
  return statement<{ event_id: string }>(
    db,
    sql`insert into outbox (event, request_id, traceparent)
        values (jsonb_build_object('type', ${type}::text, ${sql.join(pairs, sql`, `)}), ${request_id}, ${traceparent}) returning id as event_id`,
  );
};

export type Leased = { event_id: number; event: Event; attempts: number; traceparent: string | null };

/** Takes the lease on those of the events that are pending, due and free, and counts the attempt. */
export const leaseEvents = (db: Db, event_ids: number[], lease_s: number) =>
  statement<{ found: Leased }>(
    db,
    sql`update outbox set lease_until = now() + make_interval(secs => ${lease_s}), attempts = attempts + 1
        where id in (
          select id from outbox where id = any (${sql.param(event_ids)}::bigint[]) and done_at is null and dead_at is null
            and run_at <= now() and (lease_until is null or lease_until < now())
          order by id for update skip locked)
        returning json_build_object('event_id', id, 'event', event, 'attempts', attempts, 'traceparent', traceparent) as found`,
  );

/** Ends an event; in one batch with its effects, which a lost lease undoes. */
export const finishEvent = (db: Db, { event_id, attempts }: Leased) =>
  statement(db, sql`select hd_finish(${event_id}, ${attempts})`);

/** What an operator should know of an event that has ended. */
export const noteOnEvent = (db: Db, event_id: number, note: string) =>
  statement(db, sql`update outbox set last_error = ${note} where id = ${event_id}`);

/** Back to waiting, or dead after the last attempt. */
export const failEvent = (db: Db, { event_id, attempts }: Leased, error: string, retry_s: number | null) =>
  statement(
    db,
    sql`update outbox set lease_until = null, last_error = ${error},
          run_at = now() + make_interval(secs => ${retry_s ?? 0}), dead_at = case when ${retry_s === null} then now() end
        where id = ${event_id} and attempts = ${attempts} and done_at is null`,
  );

/** What nobody is working on although it is due, oldest first. */
export const findDue = (db: Db, limit: number) =>
  statement<{ event_id: string }>(
    db,
    sql`select id as event_id from outbox
        where done_at is null and dead_at is null and run_at <= now() and (lease_until is null or lease_until < now())
        order by run_at, id limit ${limit}`,
  );

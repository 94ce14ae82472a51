import { is, SQL, sql } from 'drizzle-orm';
import { type Bell, type Event, QUEUE_OF, type Queue } from '../domain/event.ts';
import { type Db, statement } from './client.ts';
import type { Origin } from './guard.ts';

/** An event of which some ids are known to the database alone until the batch has run. */
export type EventDraft = Event extends infer E
  ? E extends Event
    ? { [K in keyof E]: K extends 'type' ? E[K] : E[K] | SQL }
    : never
  : never;

/** Of an outbox row: what whoever added it rings with after the commit. */
export const bell = sql`json_build_object('event_id', id, 'queue', queue)`;

export const addEvent = (db: Db, { type, ...ids }: EventDraft, { request_id, traceparent }: Origin) => {
  const pairs = Object.entries(ids).map(([name, id]) => sql`${name}::text, ${is(id, SQL) ? id : sql`${id}::bigint`}`);
  return statement<{ bell: Bell }>(
    db,
    sql`insert into outbox (event, queue, request_id, traceparent)
        values (jsonb_build_object('type', ${type}::text, ${sql.join(pairs, sql`, `)}), ${QUEUE_OF[type]}, ${request_id}, ${traceparent})
        returning ${bell} as bell`,
  );
};

/** An event that names nothing but what is due, unless one of its type waits already. */
export const addUnlessWaiting = (db: Db, type: 'storage.review_due' | 'audit.archive_due') =>
  statement<{ bell: Bell }>(
    db,
    sql`insert into outbox (event, queue)
        select jsonb_build_object('type', ${type}::text), ${QUEUE_OF[type]}
        where not exists (select from outbox where queue = ${QUEUE_OF[type]} and event ->> 'type' = ${type}
          and done_at is null and dead_at is null)
        returning ${bell} as bell`,
  );

/** Pending, due, and nobody works on it. */
export const isWaiting = sql`done_at is null and dead_at is null and run_at <= now()
  and (lease_until is null or lease_until < now())`;

/** Of each queue the oldest that wait, and have for so long. */
export const findDue = (db: Db, queues: readonly Queue[], limit: number, late_s = 0) =>
  statement<{ bell: Bell }>(
    db,
    sql`select w.bell from unnest(${sql.param(queues)}::text[]) as q (name) cross join lateral (
          select ${bell} as bell from outbox where queue = q.name and ${isWaiting}
            and run_at <= now() - make_interval(secs => ${late_s})
          order by run_at, id limit ${limit}) w`,
  );

/** What has ended, and no operator will ask for any more. Dead letters stay until they are sent again. */
export const deleteOldEvents = (db: Db, limit: number) =>
  statement(
    db,
    sql`delete from outbox where id in (
          select id from outbox where done_at < now() - interval '30 days' order by done_at limit ${limit})`,
  );

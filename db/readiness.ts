import { sql } from 'drizzle-orm';
import { Queue } from '../domain/event.ts';
import journal from '../migrations/meta/_journal.json' with { type: 'json' };
import { type Db, statement } from './client.ts';

/** How many migrations this release was built with. */
export const EXPECTED_MIGRATIONS = journal.entries.length;

export type Backlog = { pending: number; oldest_age_s: number | null; dead: number };
export type Found = { applied: number; queues: Record<Queue, Backlog> };

/** Migrations applied, and of each queue: what is due and not done, how long the oldest waits for somebody, what is dead. */
export const findBacklog = (db: Db) =>
  statement<{ found: Found }>(
    db,
    sql`with waiting as (
          select queue, count(*) as pending,
            extract(epoch from now() - min(run_at) filter (where lease_until is null or lease_until < now())) as oldest_age_s
          from outbox where done_at is null and dead_at is null and run_at <= now() group by queue
        ), dead as (select queue, count(*) as dead from outbox where dead_at is not null group by queue)
        select json_build_object(
          'applied', (select count(*) from drizzle.__drizzle_migrations),
          'queues', json_object_agg(q.name, json_build_object(
            'pending', coalesce(w.pending, 0), 'oldest_age_s', w.oldest_age_s, 'dead', coalesce(d.dead, 0)))) as found
        from unnest(${sql.param(Queue.options)}::text[]) as q (name)
        left join waiting w on w.queue = q.name left join dead d on d.queue = q.name`,
  );

/** Takes the last byte of old addresses out of the audit log. */
export const truncateAddresses = (db: Db) => statement(db, sql`select hd_truncate_addresses()`);

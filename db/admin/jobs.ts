import { type SQL, sql } from 'drizzle-orm';
import type { JobsQuery } from '../../domain/admin/job.ts';
import { byId, type Source } from './list.ts';

const isOpen = sql`t.done_at is null and t.dead_at is null`;

/** Each as an index sees it. */
const STATES: Record<NonNullable<JobsQuery['state']>, SQL> = {
  dead: sql`t.dead_at is not null`,
  uncertain: sql`t.uncertain_at is not null and t.done_at is not null`,
  done: sql`t.done_at is not null and t.uncertain_at is null`,
  running: sql`${isOpen} and t.lease_until > now()`,
  waiting: sql`${isOpen} and coalesce(t.lease_until <= now(), true) and t.run_at <= now()`,
  scheduled: sql`${isOpen} and coalesce(t.lease_until <= now(), true) and t.run_at > now()`,
};

const state = sql`case ${sql.join(
  Object.entries(STATES).map(([name, condition]) => sql`when ${condition} then ${sql.raw(`'${name}'`)}`),
  sql` `,
)} end`;

/** `Job` in domain/admin/job.ts is the shape of a row. */
export const jobs: Source<JobsQuery> = {
  from: sql`outbox`,
  row: sql`t.id, t.event ->> 'type' as type, t.queue, ${state} as state, t.event, t.attempts, hd_moment(t.run_at) as run_at,
    hd_moment(t.lease_until) as lease_until, t.last_error, t.request_id, hd_moment(t.created_at) as created_at,
    hd_moment(t.done_at) as done_at, hd_moment(t.dead_at) as dead_at`,
  sorts: byId,
  filters: {
    state: (name) => STATES[name],
    queue: (queue) => sql`t.queue = ${queue}`,
    type: (type) => sql`t.event ->> 'type' = ${type}`,
  },
};

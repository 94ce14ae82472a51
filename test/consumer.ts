import type { Db } from '../db/client.ts';
import type { Event, Queue } from '../domain/event.ts';
import { consume } from '../queues/consume.ts';
import { JOBS } from '../queues/handle.ts';
import type { Jobs } from '../queues/job.ts';
import type { Worker } from '../usecases/ports.ts';
import type { World } from './home.ts';

type Options = { jobs?: Partial<Jobs>; lease_s?: number; worker?: Partial<Worker> };

/** Delivers events to a consumer of their own kind; answers how each message was taken. */
export async function consumed(world: World, event_ids: number[], { jobs, worker, ...more }: Options = {}) {
  const outcomes: string[] = [];
  const deliveries = event_ids.map((event_id) => ({
    body: { event_id },
    attempts: 1,
    ack: () => void outcomes.push('ack'),
    retry: () => void outcomes.push('retry'),
  }));
  await consume({ ...world.ports, ...worker }, deliveries, { jobs: { ...JOBS, ...jobs }, ...more });
  return outcomes;
}

/** Events as a batch of writes would leave them. */
export async function addEvents(world: World, events: Event[], queue: Queue = 'jobs'): Promise<number[]> {
  const rows = await world.rows(
    `insert into outbox (event, queue) select e, $2 from jsonb_array_elements($1::jsonb) with ordinality x (e, n)
     order by n returning id::int`,
    [JSON.stringify(events), queue],
  );
  return rows.map(({ id }) => id);
}

export type State = { id: number; attempts: number; state: string; error: string | null; is_uncertain: boolean };

/** How these events stand: `done`, `dead`, `leased`, `later`, `due`. */
export const statesOf = (world: World, ids: number[]): Promise<State[]> =>
  world.rows(
    `select id::int, attempts, case when done_at is not null then 'done' when dead_at is not null then 'dead'
       when lease_until > now() then 'leased' when run_at > now() then 'later' else 'due' end as state,
       last_error as error, uncertain_at is not null as is_uncertain
     from outbox where id = any ($1) order by id`,
    [ids],
  );

/** As if time had passed: what waits is due, and every lease has lapsed. */
export const later = (world: World): Promise<unknown> =>
  world.rows(`update outbox set run_at = least(run_at, now()),
    lease_until = case when lease_until is not null then now() - interval '1 second' end where done_at is null`);

export const countOf = async (world: World, from: string): Promise<number> =>
  (await world.rows(`select count(*)::int as n from ${from}`))[0].n;

/** A database whose batches go through `batch`. */
export const withBatch = (db: Db, batch: (send: () => Promise<unknown>) => Promise<unknown>): Db =>
  new Proxy(db, {
    get: (target, name) =>
      name === 'batch'
        ? (statements: Parameters<Db['batch']>[0]) => batch(() => target.batch(statements))
        : Reflect.get(target, name),
  });

import { vi } from 'vitest';
import { test as base, type Person, type World } from '../home.ts';
import { openStores, type StoreFronts } from './store-fronts.ts';

/** `test` in a world where the three stores are open. */
export const test = base.extend<{ fronts: StoreFronts; shop: StoreFronts }>({
  fronts: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's needs off this pattern
    async ({}, use) => {
      const fronts = await openStores();
      await use(fronts);
      await fronts.close();
    },
    { scope: 'file' },
  ],
  shop: async ({ world, fronts }, use) => {
    world.ports.stores = fronts.stores;
    // Who waits for a lock on a busy machine waits as long as a statement may take.
    await world.rows(`alter role honeydue_app in database ${world.name} set lock_timeout = '2400ms'`);
    await use(fronts);
    fronts.fail();
  },
});

export const status = async (world: World, person: Person) =>
  (await world.send('GET', '/api/subscription/status/', person)).body;

export const show = (world: World, store: 'apple' | 'google', person: Person, purchase: object) =>
  world.send('POST', `/api/subscription/purchase/${store}/`, person, purchase);

type Told = { body: object; headers: Record<string, string> };

export const tell = (world: World, store: 'apple' | 'google' | 'stripe', { body, headers }: Told) =>
  world.send('POST', `/api/subscription/webhook/${store}/`, null, body, { headers });

/** Works off all events that are due, and those that follow from them. */
export async function workOff(world: World): Promise<void> {
  for (;;) {
    const due = await world.rows(
      'select id::int as event_id from outbox where done_at is null and dead_at is null and run_at <= now() order by id',
    );
    if (due.length === 0) return;
    await world.deliver(due);
  }
}

/** Tells and works off what follows. */
export async function apply(world: World, store: 'apple' | 'google' | 'stripe', told: Told): Promise<void> {
  const { status, text } = await tell(world, store, told);
  if (status !== 200) throw new Error(text);
  await workOff(world);
}

const KEPT = `select platform, transaction_id, user_id::int, product_id, status, auto_renew, row_version::int
  from subscription_transaction order by platform, transaction_id`;

export const kept = (world: World) => world.rows(KEPT);

/** All that a webhook or a purchase may leave behind. */
export const traces = async (world: World) =>
  await world.rows(`select (select json_agg(w order by id) from webhook_event_log w) as told,
    (select json_agg(t order by transaction_id) from subscription_transaction t) as kept,
    (select json_agg(s) from subscription_usersubscription s) as have,
    (select count(*) from outbox) as events, (select count(*) from audit_log) as audited`);

const WAITING = `select count(*)::int as n from pg_locks
  where relation = 'subscription_transaction'::regclass and not granted`;

/** Sends requests one after the other, and lets none keep its purchase before all are about to. */
export async function atOnce<T>(world: World, requests: (() => Promise<T>)[]): Promise<T[]> {
  await world.rows('begin');
  await world.rows('lock table subscription_transaction in share row exclusive mode');
  const answers: Promise<T>[] = [];
  for (const request of requests) {
    answers.push(request());
    await vi.waitUntil(async () => (await world.rows(WAITING))[0].n === answers.length, {
      interval: 5,
      timeout: 10_000,
    });
  }
  await world.rows('commit');
  return await Promise.all(answers);
}

import { sql } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { connect, statement } from '../db/client.ts';
import { AppError } from '../domain/errors.ts';
import type { Event } from '../domain/event.ts';
import { MailError } from '../domain/mail.ts';
import { PushError } from '../domain/push.ts';
import { retryAfter } from '../queues/fate.ts';
import type { Job, Policy } from '../queues/job.ts';
import { addEvents, consumed, later, statesOf } from './consumer.ts';
import { appUrl } from './database.ts';
import { test, type World } from './home.ts';

const updated: Event = { type: 'task.updated', residence_id: 1, task_id: 1 };
const doing = (act: Job['act'], policy: Partial<Policy> = {}) => ({ jobs: { 'task.updated': { policy, act } as Job } });
const failing = (error: unknown, policy: Partial<Policy> = {}) => doing(() => Promise.reject(error), policy);
const ONCE = { may_repeat_uncertain: false };

const added = async (world: World): Promise<number> => (await addEvents(world, [updated]))[0] ?? 0;
const stateOf = async (world: World, id: number) => (await statesOf(world, [id]))[0];

/** Seconds until it is tried again. */
const pauseOf = async (world: World, id: number): Promise<number> =>
  (await world.rows('select extract(epoch from run_at - now())::float as s from outbox where id = $1', [id]))[0].s;

describe('a refusal', () => {
  test.for([
    ['a mail that nobody takes', new MailError('permanent', 'no such address')],
    ['a push to nobody', new PushError('gone', 'unregistered', { gone_since: '2026-03-07T15:00:00Z' })],
  ] as const)('for good ends it at once: %s', async ([, error], { world }) => {
    const id = await added(world);
    await consumed(world, [id], failing(error));
    expect(await stateOf(world, id)).toMatchObject({ state: 'dead', attempts: 1, error: String(error) });
    expect(world.rung).toEqual([]);
  });

  test.for([
    ['what the carrier asks for', new MailError('temporary', 'slow down', { retry_after_s: 900 }), 890, 901],
    ['an hour at most', new PushError('temporary', 'slow down', { retry_after_s: 90_000 }), 3590, 3601],
    ['what the store asks for', new AppError('billing_unavailable', 'away', { retry_after_s: 300 }), 290, 301],
    ['a few seconds', new MailError('temporary', 'away'), 1, 6],
  ] as const)('for now is tried again after %s', async ([, error, least, most], { world }) => {
    const id = await added(world);
    await consumed(world, [id], failing(error));
    expect(await stateOf(world, id)).toMatchObject({ state: 'later', is_uncertain: false });
    expect(await pauseOf(world, id)).toBeGreaterThan(least);
    expect(await pauseOf(world, id)).toBeLessThanOrEqual(most);
  });

  test('is tried as often as its job says', async ({ world }) => {
    const id = await added(world);
    for (let n = 0; n < 5; n += 1) {
      await consumed(world, [id], failing(new Error('no'), { max_attempts: 3 }));
      await later(world);
    }
    expect(await stateOf(world, id)).toMatchObject({ state: 'dead', attempts: 3 });
  });

  test('pauses double up to an hour, and spread', () => {
    for (let attempt = 1; attempt <= 60; attempt += 1) {
      const longest = Math.min(5 * 2 ** (attempt - 1), 3600);
      const pauses = Array.from({ length: 200 }, () => retryAfter(attempt));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(longest / 2);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(longest);
      if (longest > 100) expect(new Set(pauses).size).toBeGreaterThan(20);
    }
  });
});

describe('a call of which nobody knows whether it happened', () => {
  const UNKNOWN = {
    MailError: new MailError('uncertain', 'no answer'),
    PushError: new PushError('uncertain', 'no answer'),
  };

  test.for(Object.values(UNKNOWN))('is made again if that does no harm (%s)', async (error, { world }) => {
    const id = await added(world);
    await consumed(world, [id], failing(error));
    expect(await stateOf(world, id)).toMatchObject({ state: 'later', is_uncertain: true, error: String(error) });
    await later(world);
    await consumed(
      world,
      [id],
      doing(async () => {}),
    );
    expect(await stateOf(world, id)).toMatchObject({ state: 'done', is_uncertain: false, error: null });
  });

  test.for(Object.values(UNKNOWN))('is noted and left if it is not to be made twice (%s)', async (error, { world }) => {
    const id = await added(world);
    let calls = 0;
    const done: { is_uncertain: boolean; outcome: unknown }[] = [];
    const job: Job = {
      policy: ONCE,
      act: async () => {
        calls += 1;
        throw error;
      },
      effects: (_db, some) => {
        done.push(...some);
        return [];
      },
    };
    await consumed(world, [id], { jobs: { 'task.updated': job } });
    expect(await stateOf(world, id)).toMatchObject({ state: 'done', is_uncertain: true, error: String(error) });
    expect(done).toMatchObject([{ is_uncertain: true, outcome: null }]);
    await later(world);
    await consumed(world, [id], { jobs: { 'task.updated': job } });
    expect(calls).toBe(1);
  });

  test('that its consumer did not live to tell of is not made twice either', async ({ world }) => {
    const id = await added(world);
    let calls = 0;
    const act = async () => {
      calls += 1;
      // The consumer ends here: nothing of it is heard again.
      await world.rows('update outbox set attempts = attempts + 1, lease_until = now() where id = $1', [id]);
    };
    await consumed(world, [id], doing(act, ONCE));
    expect(await stateOf(world, id)).toMatchObject({ state: 'due', is_uncertain: true });
    await later(world);
    // Nor is the doubt gone if whom it was for cannot be found any more.
    const read: Job['read'] = (db) => statement<{ event_id: string; found: unknown }>(db, sql`select where false`);
    await consumed(world, [id], { jobs: { 'task.updated': { policy: ONCE, read, act } } });
    const error = 'An attempt ended before it could say whether this was done.';
    expect(await stateOf(world, id)).toMatchObject({ state: 'done', is_uncertain: true, error });
    expect(calls).toBe(1);
  });

  test('is none if it is known that it was not made', async ({ world }) => {
    const id = await added(world);
    await consumed(world, [id], failing(new MailError('temporary', 'away'), ONCE));
    expect(await stateOf(world, id)).toMatchObject({ state: 'later', is_uncertain: false });
    await later(world);
    let calls = 0;
    const act = async () => {
      calls += 1;
    };
    await consumed(world, [id], doing(act, ONCE));
    expect(await stateOf(world, id)).toMatchObject({ state: 'done', is_uncertain: false });
    expect(calls).toBe(1);
  });

  test('is not forgotten when the effects after it are refused', async ({ world }) => {
    const id = await added(world);
    let calls = 0;
    const job: Job = {
      policy: ONCE,
      act: async () => {
        calls += 1;
      },
      effects: () => {
        if (isBroken) throw new Error('no');
        return [];
      },
    };
    let isBroken = true;
    await consumed(world, [id], { jobs: { 'task.updated': job } });
    expect(await stateOf(world, id)).toMatchObject({ state: 'later', is_uncertain: true });
    isBroken = false;
    await later(world);
    await consumed(world, [id], { jobs: { 'task.updated': job } });
    expect(await stateOf(world, id)).toMatchObject({ state: 'done', is_uncertain: true });
    expect(calls).toBe(1);
  });

  test('nor is one that hangs longer than its job may', async ({ world }) => {
    const [slow, quick] = await addEvents(world, [updated, updated]);
    const hang = Promise.withResolvers<void>();
    const act: Job['act'] = (_worker, _found, { event_id }) => (event_id === slow ? hang.promise : Promise.resolve());
    await consumed(world, [slow ?? 0, quick ?? 0], doing(act, { ...ONCE, deadline_ms: 30 }));
    expect(await statesOf(world, [slow ?? 0, quick ?? 0])).toMatchObject([
      { state: 'done', is_uncertain: true, error: 'Error: Not done after 30 ms.' },
      { state: 'done', is_uncertain: false },
    ]);
    hang.resolve();
  });
});

describe('a lease', () => {
  test('is renewed while the work takes its time, so that nobody else begins it', async ({ world }) => {
    const [slow = 0, quick = 0] = await addEvents(world, [updated, updated]);
    const leases = async () =>
      (await world.rows('select lease_until from outbox where id = any ($1) order by id', [[slow, quick]])).map(
        ({ lease_until }) => lease_until?.getTime(),
      );
    const begun = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    let calls = 0;
    const act: Job['act'] = async (_worker, _found, { event_id }) => {
      if (event_id !== slow) return;
      calls += 1;
      begun.resolve();
      await going.promise;
    };
    const options = { ...doing(act), lease_s: 3 };
    const working = consumed(world, [slow, quick], options);
    await begun.promise;
    const first = await leases();
    // The database's own clock says when the first lease would have lapsed.
    await expect
      .poll(async () => (await world.rows('select now() > to_timestamp($1 / 1000.0) as over', [first[0]]))[0].over, {
        timeout: 10_000,
      })
      .toBe(true);
    expect(await consumed(world, [slow, quick], options)).toEqual(['ack', 'ack']);
    expect(calls).toBe(1);
    const renewed = await leases();
    expect(renewed[0]).toBeGreaterThan(first[0]);
    expect(renewed[1]).toBeGreaterThan(first[1]);
    going.resolve();
    expect(await working).toEqual(['ack', 'ack']);
    expect(await statesOf(world, [slow, quick])).toMatchObject([
      { state: 'done', attempts: 1 },
      { state: 'done', attempts: 1 },
    ]);
  });

  test('that is lost takes its effects with it, and nobody else’s', async ({ world }) => {
    const ids = await addEvents(world, [updated, updated, updated]);
    const [first = 0] = ids;
    const act: Job['act'] = async (_worker, _found, { event_id }) => {
      if (event_id !== first) return;
      await world.rows(`update outbox set lease_until = now() - interval '1 second' where id = $1`, [first]);
      await consumed(world, [first]);
    };
    await consumed(world, ids, doing(act));
    expect(await statesOf(world, ids)).toMatchObject([
      { state: 'done', attempts: 2 },
      { state: 'done', attempts: 1 },
      { state: 'done', attempts: 1 },
    ]);
    expect(world.logged).toContainEqual(
      expect.objectContaining({ event: 'job.failed', event_id: first, error: expect.stringContaining('lease_lost') }),
    );
    expect(world.rung).toEqual([]);
  });

  test('that lapsed is taken alone: what ends its consumers ends nobody else’s work, and is dead in the end', async ({
    world,
  }) => {
    const ids = await addEvents(world, Array(12).fill(updated));
    const killer = ids[4] ?? 0;
    const done: number[] = [];
    /** A consumer that ends without a word when it meets the killer, and takes with it whatever it holds. */
    const consumer = async () => {
      let isGone = false;
      const act: Job['act'] = async (_worker, _found, { event_id }) => {
        if (event_id === killer) isGone = true;
        else if (!isGone) done.push(event_id);
        if (isGone) throw new Error('gone');
      };
      const db = new Proxy(world.ports.db, {
        get: (target, name) => {
          if (isGone && name === 'batch') throw new Error('gone');
          return Reflect.get(target, name);
        },
      });
      expect(await consumed(world, ids, { ...doing(act), worker: { db } })).toContain(isGone ? 'retry' : 'ack');
    };
    for (let n = 0; n < 40; n += 1) {
      await consumer();
      await later(world);
    }
    const states = await statesOf(world, ids);
    expect(states.filter(({ state }) => state === 'done').map(({ id }) => id)).toEqual(
      ids.filter((id) => id !== killer),
    );
    expect(states.find(({ id }) => id === killer)).toMatchObject({ state: 'dead', attempts: 9 });
    expect(states.find(({ id }) => id === killer)?.error).toContain('without a word');
    expect(Math.max(...states.filter(({ id }) => id !== killer).map(({ attempts }) => attempts))).toBeLessThanOrEqual(
      3,
    );
  });
});

test('each round trip of a consumer has a deadline of its own', async ({ world }) => {
  const signals: AbortSignal[] = [];
  const db = connect(appUrl(world.name), () => {
    const { signal } = new AbortController();
    signals.push(signal);
    return signal;
  });
  const id = await added(world);
  await consumed(world, [id], { worker: { db } });
  expect(signals.length).toBeGreaterThanOrEqual(2);
  expect(new Set(signals).size).toBe(signals.length);
});

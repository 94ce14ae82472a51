import { describe, expect, test as plain } from 'vitest';
import { unstable_readConfig as readConfig } from 'wrangler';
import { type Bell, Event, ORIGIN_QUEUES, QUEUE_OF, EDGE_QUEUES as QUEUES, type Queue } from '../domain/event.ts';
import { noteLost } from '../queues/dead.ts';
import { ringIn } from '../queues/ring.ts';
import { CRONTAB } from '../queues/schedule.ts';
import { addEvents } from './consumer.ts';
import { test } from './home.ts';

type Config = {
  queues: {
    producers: { binding: string; queue: string }[];
    consumers: { queue: string; max_batch_size: number; max_retries: number; dead_letter_queue?: string }[];
  };
  triggers: { crons: string[] };
};

describe.for([
  ['a developer’s machine', undefined, ''],
  ['staging', 'staging', '-staging'],
  ['production', 'production', '-production'],
] as const)('on %s', ([, env, suffix]) => {
  const { queues, triggers }: Config = readConfig(
    { config: 'wrangler.toml', ...(env && { env }) },
    { hideWarnings: true },
  );
  const { producers, consumers } = queues;

  plain('each queue has its binding', () => {
    const bindings = QUEUES.map((queue) => ({ binding: queue.toUpperCase(), queue: `honeydue-${queue}${suffix}` }));
    expect(producers.map(({ binding, queue }) => ({ binding, queue }))).toEqual(bindings);
  });

  plain('each queue has a consumer of its own pace, and dead letters that are consumed too', () => {
    for (const queue of QUEUES) {
      const name = `honeydue-${queue}${suffix}`;
      const consumer = consumers.find((each) => each.queue === name);
      expect(consumer).toMatchObject({ dead_letter_queue: `${name}-dead`, max_retries: 10 });
      expect(consumer?.max_batch_size).toBeLessThanOrEqual(100);
      expect(consumers.find((each) => each.queue === `${name}-dead`)?.dead_letter_queue).toBeUndefined();
      expect(consumers.some((each) => each.queue === `${name}-dead`)).toBe(true);
    }
    expect(consumers).toHaveLength(2 * QUEUES.length);
    const sizes = consumers.slice(0, QUEUES.length).map(({ max_batch_size }) => max_batch_size);
    expect(new Set(sizes).size).toBe(QUEUES.length);
  });

  plain('the crons are those of the crontab', () => {
    expect(triggers.crons.toSorted()).toEqual(Object.keys(CRONTAB).sort());
  });
});

plain('every type of event has a queue', () => {
  const types = Event.options.map((option) => option.shape.type.value);
  expect(Object.keys(QUEUE_OF).sort()).toEqual(types.sort());
});

type Message = { body: { event_id: number }; delaySeconds: number };

describe('bells', () => {
  const recording = (failing: Queue[] = []) => {
    const calls: [Queue, Message[]][] = [];
    const queueOf = (name: Queue) => ({
      async sendBatch(messages: Message[]) {
        if (failing.includes(name)) throw new Error(`${name} is away`);
        calls.push([name, messages]);
      },
    });
    const ring = ringIn(Object.fromEntries(QUEUES.map((name) => [name, queueOf(name)])));
    return { calls, ring };
  };
  const bell = (event_id: number, queue: Queue, more: Partial<Bell> = {}): Bell => ({ event_id, queue, ...more });

  plain('ring in their own queue, each with its delay or the longest that there is', async () => {
    const { calls, ring } = recording();
    await ring([
      bell(1, 'jobs'),
      bell(2, 'mail', { delay_s: 90_000 }),
      bell(3, 'jobs', { delay_s: 40 }),
      bell(4, 'long'),
      bell(5, 'apns'),
    ]);
    expect(calls).toEqual([
      [
        'jobs',
        [
          { body: { event_id: 1 }, delaySeconds: 0 },
          { body: { event_id: 3 }, delaySeconds: 40 },
        ],
      ],
      ['mail', [{ body: { event_id: 2 }, delaySeconds: 43_200 }]],
    ]);
  });

  plain('ring a hundred at a time', async () => {
    const { calls, ring } = recording();
    await ring(Array.from({ length: 250 }, (_, n) => bell(n, 'push')));
    expect(calls.map(([, messages]) => messages.length)).toEqual([100, 100, 50]);
    expect(calls.flatMap(([, messages]) => messages.map(({ body }) => body.event_id))).toEqual(
      Array.from({ length: 250 }, (_, n) => n),
    );
  });

  plain('that cannot ring keep no other queue’s from ringing', async () => {
    const { calls, ring } = recording(['jobs', 'push']);
    await expect(ring(QUEUES.map((queue, n) => bell(n, queue)))).rejects.toThrow('jobs is away');
    expect(calls.map(([name]) => name)).toEqual(['mail', 'maintenance']);
  });

  plain('that were lost leave a line in the log', () => {
    const logged: object[] = [];
    const acked: number[] = [];
    const deliveries = [1, 2].map((event_id) => ({
      body: { event_id },
      attempts: 11,
      ack: () => void acked.push(event_id),
      retry: () => expect.unreachable(),
    }));
    noteLost({ log: (event, fields) => void logged.push({ event, ...fields }) }, deliveries);
    expect(acked).toEqual([1, 2]);
    expect(logged).toEqual([1, 2].map((id) => ({ event: 'doorbell.lost', body: `{"event_id":${id}}`, attempts: 11 })));
  });
});

describe('cron', () => {
  test('rings in each queue for what is due and nobody works on, the oldest first and not more than 500', async ({
    world,
  }) => {
    const event: Event = { type: 'user.updated', user_id: 1 };
    const many = await addEvents(world, Array(510).fill(event));
    const [leased, later, done, dead, lapsed] = await addEvents(world, Array(5).fill(event), 'push');
    for (const queue of ORIGIN_QUEUES) await addEvents(world, [event], queue);
    const at = (id: number | undefined, change: string) =>
      world.rows(`update outbox set ${change} where id = $1`, [id]);
    await at(leased, `lease_until = now() + interval '1 minute'`);
    await at(lapsed, `lease_until = now() - interval '1 second'`);
    await at(later, `run_at = now() + interval '1 second'`);
    await at(done, 'done_at = now()');
    await at(dead, 'dead_at = now()');
    await at(many[509], `run_at = now() - interval '1 hour'`);
    const rung: Bell[] = [];
    world.ports.ring = async (bells) => void rung.push(...bells);
    await world.tick('* * * * *');
    expect(rung.filter(({ queue }) => queue === 'push')).toEqual([{ event_id: lapsed, queue: 'push' }]);
    const jobs = rung.filter(({ queue }) => queue === 'jobs').map(({ event_id }) => event_id);
    expect(jobs).toEqual([many[509], ...many.slice(0, 499)]);
    expect(rung).toHaveLength(501);
    await world.tick('* * * * *');
    expect(rung).toHaveLength(1002);
  });

  test('rings for nothing if nothing waits', async ({ world }) => {
    await world.tick('* * * * *');
    expect(world.rung).toEqual([]);
  });
});

describe('what may be forgotten', () => {
  test('of events and deliveries is forgotten after 30 days, but no dead letter', async ({ world }) => {
    await addEvents(world, Array(5).fill({ type: 'user.updated', user_id: 1 }));
    const [old, young, dead, pending, doubt] = (await world.rows('select id::int from outbox order by id')).map(
      ({ id }) => id,
    );
    await world.rows(`update outbox set created_at = now() - interval '40 days'`);
    await world.rows(`update outbox set done_at = now() - interval '31 days' where id = any ($1)`, [[old, doubt]]);
    await world.rows(`update outbox set uncertain_at = done_at where id = $1`, [doubt]);
    await world.rows(`update outbox set done_at = now() - interval '29 days' where id = $1`, [young]);
    await world.rows(`update outbox set dead_at = now() - interval '31 days' where id = $1`, [dead]);
    await world.rows(`insert into notifications_delivery (event_id, channel, result, at) values
      (1, 'email', 'sent', now() - interval '31 days'), (2, 'email', 'sent', now() - interval '29 days')`);
    await world.tick('40 * * * *');
    const kept = async () => (await world.rows('select id::int from outbox order by id')).map(({ id }) => id);
    expect(await kept()).toEqual([young, dead, pending]);
    expect(await world.rows('select event_id::int from notifications_delivery')).toEqual([{ event_id: 2 }]);
    await world.tick('40 * * * *');
    expect(await kept()).toEqual([young, dead, pending]);
  });

  test('of events is forgotten in rounds that each are short', async ({ world }) => {
    await world.rows(`insert into outbox (event, done_at) select '{"type":"user.updated","user_id":1}', now() - interval '31 days'
      from generate_series(1, 12001)`);
    world.trips.length = 0;
    await world.tick('40 * * * *');
    expect(await world.rows('select count(*)::int as n from outbox')).toEqual([{ n: 0 }]);
    expect(world.trips.filter(([query]) => query?.includes('outbox'))).toHaveLength(3);
  });

  test('of sessions is forgotten when they sign nobody in any more', async ({ world }) => {
    const [idle, old, fresh] = await Promise.all(['idle', 'old', 'fresh'].map((name) => world.person(name)));
    const set = (person: typeof idle, change: string) =>
      world.rows(`update user_authtoken set ${change} where user_id = $1`, [person?.user_id]);
    await set(idle, `last_used_at = now() - interval '181 days', created_at = now() - interval '1 year'`);
    await set(old, `created_at = now() - interval '731 days'`);
    await world.tick('10 * * * *');
    expect(await world.rows('select user_id::int from user_authtoken')).toEqual([{ user_id: fresh?.user_id }]);
  });

  test('is forgotten whatever becomes of the rest', async ({ world }) => {
    await world.rows('alter table rate_counter rename to moved');
    await world.rows(
      `insert into idempotency_key (user_id, key, fingerprint, created_at)
      select id, 'old', '-', now() - interval '8 days' from auth_user where id = $1`,
      [(await world.person('ann')).user_id],
    );
    await expect(world.tick('10 * * * *')).rejects.toThrow('1 of what runs at 10 * * * * failed');
    expect(await world.rows('select count(*)::int as n from idempotency_key')).toEqual([{ n: 0 }]);
    expect(world.logged).toContainEqual(expect.objectContaining({ event: 'scheduled.failed', name: 'counters' }));
  });
});

test('ready names the backlog of each queue, and is degraded while something waits for nobody', async ({ world }) => {
  const ready = async () => (await world.send('GET', '/api/health/ready/', null)).body;
  const none = { state: 'ok', pending: 0, oldest_age_s: null, dead: 0 };
  const before = await ready();
  expect(before.parts.queue).toEqual({
    ...none,
    queues: { jobs: none, push: none, apns: none, mail: none, maintenance: none, long: none },
  });
  const event: Event = { type: 'user.updated', user_id: 1 };
  const [first] = await addEvents(world, [event, event], 'mail');
  await addEvents(world, [event], 'push');
  const [dead] = await addEvents(world, [event], 'jobs');
  await world.rows('update outbox set dead_at = now() where id = $1', [dead]);
  await world.rows(`update outbox set run_at = now() - interval '90 seconds' where id = $1`, [first]);
  const late = await ready();
  expect(late.status).toBe('degraded');
  expect(late.parts.queue).toMatchObject({
    state: 'degraded',
    pending: 3,
    oldest_age_s: expect.closeTo(90, -1),
    dead: 1,
    queues: {
      jobs: { ...none, dead: 1 },
      push: { state: 'ok', pending: 1, dead: 0 },
      mail: { state: 'degraded', pending: 2, oldest_age_s: expect.closeTo(90, -1), dead: 0 },
      maintenance: none,
    },
  });
  // Somebody works on it, however long that takes.
  await world.rows(`update outbox set lease_until = now() + interval '1 minute' where id = $1`, [first]);
  expect(await ready()).toMatchObject({ status: 'ok', parts: { queue: { pending: 3 } } });
});

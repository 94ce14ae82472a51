import { sql } from 'drizzle-orm';
import { describe, expect } from 'vitest';
import { statement } from '../db/client.ts';
import { tellOf } from '../db/notices.ts';
import { type Event, QUEUE_OF } from '../domain/event.ts';
import { JOBS } from '../queues/handle.ts';
import type { Job } from '../queues/job.ts';
import { addEvents, consumed, countOf, later, statesOf } from './consumer.ts';
import { test, type World } from './home.ts';

const times = <T>(n: number, make: (n: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const updated = (task_id: number): Event => ({ type: 'task.updated', residence_id: 1, task_id });

const tellingOthers: Job = {
  effects: (db, done) => [
    tellOf(
      db,
      done.map(({ event_id }) => event_id),
    ),
  ],
};

/** Tasks of a home with two others in it, and the event that each was made with. */
async function tasksMade(world: World, count: number) {
  const { owner, residence_id } = await world.home();
  const tasks = await world.rows(
    `insert into task_task (residence_id, title, created_by_id) select $1, 'Task ' || n, $2
     from generate_series(1, $3) n returning id::int as task_id`,
    [residence_id, owner.user_id, count],
  );
  const events = tasks.map(({ task_id }): Event => ({ type: 'task.created', residence_id, task_id }));
  return { owner, residence_id, events };
}

describe('a batch', () => {
  test('of 500 events is one claim, a read for each kind, one record', async ({ world }) => {
    const { owner, residence_id, events } = await tasksMade(world, 300);
    const { user_id } = owner;
    const ids = await addEvents(world, [
      ...events,
      ...times(100, (): Event => ({ type: 'user.password_changed', user_id })),
      ...times(60, (): Event => ({ type: 'user.deleted', user_id })),
      ...times(40, (): Event => ({ type: 'residence.updated', residence_id })),
    ]);
    let [calling, most] = [0, 0];
    const mail = world.ports.mail;
    world.ports.mail = async (letter) => {
      calling += 1;
      most = Math.max(most, calling);
      const sent = await mail(letter);
      calling -= 1;
      return sent;
    };
    world.trips.length = 0;
    const jobs = { 'task.created': tellingOthers };
    expect(new Set(await consumed(world, ids, { jobs }))).toEqual(new Set(['ack']));
    expect(world.trips.map((trip) => trip.map((query) => query.trim().split(/\s+/).slice(0, 2).join(' ')))).toEqual([
      ['with waiting'],
      ['select o.id', 'select o.id', 'update outbox'],
      ['select hd_finish(held.id,', 'update outbox', 'with news', 'insert into'],
    ]);
    const states = await statesOf(world, ids);
    expect(new Set(states.map(({ state, is_uncertain }) => `${state} ${is_uncertain}`))).toEqual(
      new Set(['done false']),
    );
    expect(await countOf(world, 'notifications_notification')).toBe(600);
    expect(new Set(world.mails.map(({ message_key }) => message_key)).size).toBe(100);
    expect(world.mails).toHaveLength(100);
    expect(most).toBe(5);
  });

  test('of more than 500 is worked off in parts', async ({ world }) => {
    const ids = await addEvents(world, times(501, updated));
    world.trips.length = 0;
    await consumed(world, ids);
    expect(world.trips).toHaveLength(4);
    expect(await countOf(world, 'outbox where done_at is null')).toBe(0);
  });

  test('that two consumers get is worked off once; what one leases the other leaves', async ({ world }) => {
    const { events } = await tasksMade(world, 40);
    const ids = await addEvents(world, events);
    const seen: number[] = [];
    const act: Job['act'] = async (_worker, _found, { event_id }) => void seen.push(event_id);
    const jobs = { 'task.created': { ...tellingOthers, act } };
    await Promise.all(times(4, (n) => consumed(world, n % 2 ? ids : ids.toReversed(), { jobs })));
    expect(seen.sort((a, b) => a - b)).toEqual(ids);
    expect(await countOf(world, 'notifications_notification')).toBe(80);
  });

  test('replayed whole, doubled and reversed leaves what it left the first time', async ({ world }) => {
    const { events } = await tasksMade(world, 20);
    const ids = await addEvents(world, events);
    const jobs = { 'task.created': tellingOthers };
    await consumed(world, [...ids.toReversed(), ...ids], { jobs });
    const told = await world.rows('select id, user_id, event_id from notifications_notification order by id');
    expect(told).toHaveLength(40);
    await consumed(world, ids, { jobs });
    // As after a restore from a backup that knows of the effects and not of the ends.
    await world.rows('update outbox set done_at = null, attempts = 0');
    await consumed(world, ids, { jobs });
    expect(await world.rows('select id, user_id, event_id from notifications_notification order by id')).toEqual(told);
    expect(new Set((await statesOf(world, ids)).map(({ state }) => state))).toEqual(new Set(['done']));
  });
});

describe('one among its neighbours', () => {
  /** Alone of 50, the event with this task's id is refused, wherever it is. */
  const POISON = 23;
  const atPoison = (id: ReturnType<typeof sql>) => sql`1 / (${id} - ${POISON}::bigint)`;
  const task_id = sql`(o.event ->> 'task_id')::bigint`;

  const PLACES: Record<string, Job> = {
    read: {
      read: (db, ids) =>
        statement<{ event_id: string; found: unknown }>(
          db,
          sql`select o.id as event_id, ${atPoison(task_id)} as found from outbox o where o.id = any (${sql.param(ids)}::bigint[])`,
        ),
    },
    act: {
      act: async (_worker, _found, { event }) => {
        if ('task_id' in event && event.task_id === POISON) throw new Error('division by zero');
      },
    },
    effects: {
      effects: (db, done) => {
        const ids = sql.param(done.map(({ event_id }) => event_id));
        return [statement(db, sql`select ${atPoison(task_id)} from outbox o where o.id = any (${ids}::bigint[])`)];
      },
    },
    'effects before they are sent': {
      effects: (_db, done) => {
        if (done.some(({ event }) => 'task_id' in event && event.task_id === POISON))
          throw new Error('division by zero');
        return [];
      },
    },
  };

  test.for(Object.entries(PLACES))(
    'fails alone in its %s, and dies after eight attempts',
    async ([, job], { world }) => {
      const ids = await addEvents(world, times(50, updated));
      const poison = ids[POISON] ?? 0;
      expect(new Set(await consumed(world, ids, { jobs: { 'task.updated': job } }))).toEqual(new Set(['ack']));
      const after = await statesOf(world, ids);
      expect(after.filter(({ state }) => state === 'done')).toHaveLength(49);
      expect(new Set(after.map(({ attempts }) => attempts))).toEqual(new Set([1]));
      const error = expect.stringContaining('division by zero');
      expect(after.find(({ id }) => id === poison)).toMatchObject({ state: 'later', error });
      expect(world.rung).toEqual([[poison]]);

      for (let attempt = 2; attempt <= 8; attempt += 1) {
        await later(world);
        await consumed(world, ids, { jobs: { 'task.updated': job } });
      }
      expect(await statesOf(world, [poison])).toMatchObject([{ state: 'dead', attempts: 8, error }]);
      expect(world.rung).toHaveLength(7);
      await later(world);
      await consumed(world, ids);
      expect(await statesOf(world, [poison])).toMatchObject([{ state: 'dead', attempts: 8 }]);
    },
  );

  test('that several share their fault with keeps nobody else', async ({ world }) => {
    const ids = await addEvents(world, times(64, updated));
    const bad = [0, 1, 31, 40, 63].map((n) => ids[n] ?? 0);
    const effects: Job['effects'] = (_db, done) => {
      if (done.some(({ event_id }) => bad.includes(event_id))) throw new Error('no');
      return [];
    };
    await consumed(world, ids, { jobs: { 'task.updated': { effects } } });
    const states = await statesOf(world, ids);
    expect(states.filter(({ state }) => state === 'later').map(({ id }) => id)).toEqual(bad);
    expect(states.filter(({ state }) => state === 'done')).toHaveLength(59);
  });

  test('whose error no database could keep as it is is kept as far as it can', async ({ world }) => {
    const ids = await addEvents(world, times(3, updated));
    const act: Job['act'] = async () => {
      // Where it is cut, a character has two halves.
      throw new Error(`a\0b${'é😀'.repeat(1000)}`);
    };
    await consumed(world, ids, { jobs: { 'task.updated': { act } } });
    const [first] = await statesOf(world, ids);
    expect(first?.error).toMatch(/^Error: abé😀/);
    expect(first?.error?.isWellFormed()).toBe(true);
  });
});

describe('what follows', () => {
  test('from effects is rung for in its own queue, and only if they are committed', async ({ world }) => {
    const [id = 0, bad = 0] = await addEvents(world, [updated(1), updated(2)]);
    const job: Job = {
      effects: (db, done) =>
        done.map(({ event_id }) =>
          statement(
            db,
            sql`insert into outbox (event, queue)
                select jsonb_build_object('type', 'user.updated', 'user_id', 1 / (${bad}::bigint - ${event_id})), 'push'
                returning json_build_object('event_id', id, 'queue', queue) as bell`,
          ),
        ),
    };
    const rung: object[] = [];
    const ring = async (bells: object[]) => void rung.push(...bells);
    await consumed(world, [id, bad], { jobs: { 'task.updated': job }, worker: { ring } });
    const [child, ...more] = await world.rows(
      `select id::int, queue from outbox where event->>'type' = 'user.updated'`,
    );
    expect(more).toEqual([]);
    expect(rung).toEqual([
      { event_id: child.id, queue: 'push' },
      { event_id: bad, queue: 'jobs', delay_s: expect.any(Number) },
    ]);
  });

  test('is found by cron if the bell cannot be rung', async ({ world }) => {
    const [id = 0] = await addEvents(world, [updated(1)]);
    const act = () => Promise.reject(new Error('no'));
    const ring = () => Promise.reject(new Error('the queue is away'));
    expect(await consumed(world, [id], { jobs: { 'task.updated': { act } }, worker: { ring } })).toEqual(['ack']);
    expect(await statesOf(world, [id])).toMatchObject([{ state: 'later' }]);
    await later(world);
    await world.tick('* * * * *');
    expect(world.rung).toEqual([[id]]);
  });
});

test('nothing in the queue of jobs waits for anybody outside', () => {
  const types = Object.keys(QUEUE_OF) as Event['type'][];
  expect(types.filter((type) => QUEUE_OF[type] === 'jobs' && JOBS[type].act)).toEqual([]);
});

import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { connect, statement } from '../db/client.ts';
import { tellOf } from '../db/notices.ts';
import { MailError } from '../domain/mail.ts';
import { JOBS } from '../queues/handle.ts';
import type { Job } from '../queues/job.ts';
import { retryDeadLetters } from '../usecases/dead-letters/retry.ts';
import type { Worker } from '../usecases/ports.ts';
import { contextOf, signedIn } from './admin/operator.ts';
import { addEvents, consumed, countOf, later, statesOf, withBatch } from './consumer.ts';
import { test, type World } from './home.ts';

// A consumer that is killed stops where it stands: what it was about to do never happens, what it did stays done.

const idsOf = (done: { event_id: number }[]) => done.map(({ event_id }) => event_id);

/** Tells the home, and leaves an event of its own, as a push would be. */
const tellAndPush: Job = {
  effects: (db, done) => [
    tellOf(db, idsOf(done)),
    statement(
      db,
      sql`insert into outbox (event, queue) select jsonb_build_object('type', 'user.updated', 'user_id', o.id), 'push'
          from outbox o where o.id = any (${sql.param(idsOf(done))}::bigint[])
          returning json_build_object('event_id', id, 'queue', queue) as bell`,
    ),
  ],
};
/** The same for one event among others, which the database refuses as long as `isBroken`. */
let isBroken = true;
const poison: Job = {
  effects: (db, done) => [
    ...(tellAndPush.effects?.(db, done) ?? []),
    ...(isBroken ? [statement(db, sql`select 1 / 0`)] : []),
  ],
};
const jobs = {
  'task.created': tellAndPush,
  'tasks.created': poison,
  'user.registered': { read: JOBS['user.registered'].read, act: JOBS['user.registered'].act } as Job,
  'user.password_changed': JOBS['user.password_changed'],
};

type Batch = { ids: number[]; tasks: number[]; code: number; notice: number; poison: number };

/** Events of every shape that a job can have. */
async function aBatch(world: World): Promise<Batch> {
  const { owner, residence_id } = await world.home();
  const [{ task_id }] = await world.rows(
    `insert into task_task (residence_id, title, created_by_id) values ($1, 'Rake', $2) returning id::int as task_id`,
    [residence_id, owner.user_id],
  );
  const { user_id } = await world.person(`p${crypto.randomUUID().slice(0, 8)}`);
  const task = { type: 'task.created', residence_id, task_id } as const;
  const ids = await addEvents(world, [
    task,
    { type: 'user.registered', user_id },
    { type: 'tasks.created', residence_id, task_ids: [task_id] },
    { type: 'user.password_changed', user_id },
    task,
  ]);
  const [first = 0, code = 0, bad = 0, notice = 0, last = 0] = ids;
  await world.rows(
    `insert into user_confirmationcode (user_id, purpose, nonce, email, expires_at, created_at)
     select $1, 'verify_email', $2, 'new@example.com', now() + interval '10 minutes', created_at from outbox where id = $3`,
    [user_id, crypto.randomUUID(), code],
  );
  // As a handler reads it: the poisoned event names a task as the others do.
  await world.rows(`update outbox set event = event || jsonb_build_object('task_id', $2::int) where id = $1`, [
    bad,
    task_id,
  ]);
  return { ids, tasks: [first, last], code, notice, poison: bad };
}

/** A worker that is killed at the n-th point: there is one before and one after each trip and each mail. */
function mortal(world: World, dies_at: number) {
  let points = 0;
  const death = Promise.withResolvers<'killed'>();
  const point = async () => {
    points += 1;
    if (points < dies_at) return;
    death.resolve('killed');
    await new Promise(() => {});
  };
  const across = async <T>(step: () => Promise<T>): Promise<T> => {
    await point();
    try {
      return await step();
    } finally {
      await point();
    }
  };
  const { db, mail } = world.ports;
  const worker: Partial<Worker> = { db: withBatch(db, across), mail: (letter) => across(() => mail(letter)) };
  return { worker, killed: death.promise };
}

const nowhere = connect('postgresql://honeydue_app:wrong@127.0.0.1:1/nowhere');

/** Consumers that live, until nothing is left to do. */
async function drain(world: World, ids: number[]): Promise<void> {
  for (let round = 0; round < 6; round += 1) {
    await later(world);
    await consumed(world, ids, { jobs });
  }
}

const copiesOf = (world: World, id: number) => world.mails.filter(({ message_key }) => message_key === `event-${id}`);

/** What must be so whenever and however often consumers were killed. */
async function expectOnce(world: World, { ids, tasks, code, notice, poison }: Batch): Promise<void> {
  for (const id of [...tasks, poison]) {
    expect(await countOf(world, `notifications_notification where event_id = ${id}`)).toBe(2);
    expect(
      await countOf(world, `outbox where event->>'type' = 'user.updated' and (event->>'user_id')::int = ${id}`),
    ).toBe(1);
  }
  expect(new Set((await statesOf(world, ids)).map(({ state }) => state))).toEqual(new Set(['done']));
  // Whoever receives a mail twice can tell by its key, and reads the same code.
  const codes = copiesOf(world, code);
  expect(codes.length).toBeGreaterThanOrEqual(1);
  expect(new Set(codes.map((mail) => JSON.stringify(mail))).size).toBe(1);
  const [state] = await statesOf(world, [notice]);
  const notices = copiesOf(world, notice).length;
  expect(notices).toBeLessThanOrEqual(1);
  // One that may not have gone is marked for an operator, and no other is.
  if (notices === 0) expect(state?.is_uncertain).toBe(true);
}

test('a consumer that is killed at any point leaves each effect to be had once', async ({ world }) => {
  const twice: number[] = [];
  let n = 1;
  for (; n < 200; n += 1) {
    isBroken = true;
    const batch = await aBatch(world);
    const { worker, killed } = mortal(world, n);
    const end = await Promise.race([killed, consumed(world, batch.ids, { jobs, worker })]);
    isBroken = false;
    await drain(world, batch.ids);
    await expectOnce(world, batch);
    if (copiesOf(world, batch.code).length > 1) twice.push(n);
    if (end !== 'killed') break;
  }
  // Two for each of: claim, read, two mails, the record of 5, 3, 2, 1 and 2 of them until the poison is alone, what failed.
  expect(n).toBe(21);
  // A code goes twice only if the kill came between its mail and its record.
  expect(twice.length).toBeGreaterThan(0);
  expect(Math.min(...twice)).toBeGreaterThan(5);
  expect(Math.max(...twice)).toBeLessThan(14);
}, 120_000);

test('two consumers, of which one is killed at any point, leave it once too', async ({ world }) => {
  isBroken = false;
  for (let n = 1; n < 200; n += 1) {
    const batch = await aBatch(world);
    const { worker, killed } = mortal(world, n);
    const [end] = await Promise.all([
      Promise.race([killed, consumed(world, batch.ids, { jobs, worker })]),
      consumed(world, batch.ids.toReversed(), { jobs }),
    ]);
    await drain(world, batch.ids);
    await expectOnce(world, batch);
    if (end !== 'killed') break;
  }
}, 120_000);

test('a notice that a kill has kept from going goes when an operator sends it again', async ({ world }) => {
  isBroken = false;
  const batch = await aBatch(world);
  // Claim and read are two points each; the fifth is before the first mail.
  const { worker, killed } = mortal(world, 5);
  expect(await Promise.race([killed, consumed(world, batch.ids, { jobs, worker })])).toBe('killed');
  await drain(world, batch.ids);
  await expectOnce(world, batch);
  expect(copiesOf(world, batch.notice)).toHaveLength(0);
  const ctx = contextOf(world, (await signedIn(world)).cookie);
  expect(await retryDeadLetters(ctx, { id: batch.notice })).toEqual({ retried: 1, has_more: false });
  await drain(world, batch.ids);
  await expectOnce(world, batch);
  expect(copiesOf(world, batch.notice)).toHaveLength(1);
});

test.for(['before', 'after'] as const)(
  'with PostgreSQL gone from %s any trip on, nothing is acknowledged, and all is done once when it is back',
  { timeout: 60_000 },
  async (when, { world }) => {
    isBroken = false;
    for (let n = 1; n < 20; n += 1) {
      const batch = await aBatch(world);
      let trips = 0;
      const db = withBatch(world.ports.db, async (send) => {
        trips += 1;
        if (trips === n && when === 'after') await send();
        return trips < n ? await send() : await nowhere.batch([statement(nowhere, sql`select 1`)]);
      });
      const outcomes = await consumed(world, batch.ids, { jobs, worker: { db } });
      const isOver = trips < n;
      expect(new Set(outcomes)).toEqual(new Set([isOver ? 'ack' : 'retry']));
      await drain(world, batch.ids);
      await expectOnce(world, batch);
      if (isOver) return expect(n).toBe(4);
    }
  },
);

test('with PostgreSQL gone for the record alone nobody is blamed, and no other record is tried', async ({ world }) => {
  isBroken = false;
  const batch = await aBatch(world);
  let trips = 0;
  const db = withBatch(world.ports.db, async (send) => {
    trips += 1;
    return trips === 3 ? await nowhere.batch([statement(nowhere, sql`select 1`)]) : await send();
  });
  expect(new Set(await consumed(world, batch.ids, { jobs, worker: { db } }))).toEqual(new Set(['retry']));
  expect(trips).toBe(3);
  expect(await statesOf(world, batch.ids)).toMatchObject(Array(5).fill({ state: 'leased', error: null }));
  await drain(world, batch.ids);
  await expectOnce(world, batch);
});

test('a carrier that refuses, then hangs up, then works: one mail in the end', async ({ world }) => {
  isBroken = false;
  const batch = await aBatch(world);
  const { mail } = world.ports;
  const answers = [new MailError('temporary', 'busy'), new MailError('uncertain', 'no answer')];
  world.ports.mail = async (letter) => {
    const refusal = letter.message_key === `event-${batch.code}` ? answers.shift() : undefined;
    if (refusal) throw refusal;
    return await mail(letter);
  };
  await drain(world, batch.ids);
  await expectOnce(world, batch);
  expect(copiesOf(world, batch.code)).toHaveLength(1);
  expect(await statesOf(world, [batch.code])).toMatchObject([{ attempts: 3, is_uncertain: false }]);
});

import { beforeEach, expect } from 'vitest';
import { DeadLetter, DeadLetterQuery, DeadLetters } from '../domain/dead-letter.ts';
import type { Event } from '../domain/event.ts';
import { listDeadLetters } from '../usecases/dead-letters/list.ts';
import { readDeadLetter } from '../usecases/dead-letters/read.ts';
import { retryDeadLetters } from '../usecases/dead-letters/retry.ts';
import { contextOf, signedIn } from './admin/operator.ts';
import { addEvents, consumed, countOf, statesOf } from './consumer.ts';
import { test, type World } from './home.ts';

/** Dead letters are an operator's to read. */
let cookie: string;
beforeEach<{ world: World }>(async ({ world }) => {
  ({ cookie } = await signedIn(world));
});
const ctxOf = (world: World) => contextOf(world, cookie);

async function list(world: World, query: object = {}) {
  const { body } = await listDeadLetters(ctxOf(world), DeadLetterQuery.parse(query));
  return DeadLetters.parse(JSON.parse(body ?? ''));
}

const idsOf = ({ results }: { results: DeadLetter[] }) => results.map(({ id }) => id);

/** Events that died of something, each a second after the one before. */
async function died(
  world: World,
  type: Event['type'],
  error: string,
  count: number,
  queue = 'jobs',
): Promise<number[]> {
  const rows = await world.rows(
    `insert into outbox (event, queue, attempts, last_error, dead_at)
     select jsonb_build_object('type', $1::text, 'residence_id', 1, 'task_id', n), $2, 8, $3, now() + n * interval '1 second'
     from generate_series(1, $4) n returning id::int`,
    [type, queue, error, count],
  );
  return rows.map(({ id }) => id);
}

test('a poison event dies without delaying its neighbours, is read with all that is known, and runs after the mend', async ({
  world,
}) => {
  const { owner, residence_id } = await world.home();
  await world.rows(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'the wall is wet'; end $$`);
  await world.rows(`create trigger refuse before insert on notifications_notification for each row
    when (new.body like 'Paint%') execute function refuse()`);
  const headers = { 'x-request-id': 'req-7', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  const paint = { residence_id, title: 'Paint the wall' };
  await world.send('POST', '/api/tasks/', owner, paint, { headers });
  for (let n = 0; n < 50; n += 1) await world.task(owner, residence_id);
  const ids = (await world.rows('select id::int from outbox order by id')).map(({ id }) => id);
  await consumed(world, ids);
  expect(await countOf(world, 'outbox where done_at is null')).toBe(1);
  expect(await countOf(world, 'outbox where attempts > 1')).toBe(0);
  expect(await countOf(world, 'notifications_notification')).toBe(100);

  for (let attempt = 2; attempt <= 8; attempt += 1) {
    await world.rows('update outbox set run_at = now() where done_at is null');
    await consumed(world, ids);
  }
  const { results, next_cursor } = await list(world);
  const [{ task_id }] = await world.rows(`select id::int as task_id from task_task where title like 'Paint%'`);
  expect(next_cursor).toBeNull();
  expect(results).toEqual([
    {
      id: expect.any(Number),
      state: 'dead',
      type: 'task.created',
      queue: 'jobs',
      event: { type: 'task.created', residence_id, task_id },
      attempts: 8,
      last_error: expect.stringContaining('the wall is wet'),
      since: expect.any(String),
      request_id: 'req-7',
      traceparent: expect.stringMatching(/^00-a{32}-/),
      created_at: expect.any(String),
    },
  ]);
  const id = results[0]?.id ?? 0;
  expect(DeadLetter.parse(JSON.parse((await readDeadLetter(ctxOf(world), id)).body ?? ''))).toEqual(results[0]);

  await world.rows('drop trigger refuse on notifications_notification');
  world.rung.length = 0;
  expect(await retryDeadLetters(ctxOf(world), { id })).toEqual({ retried: 1, has_more: false });
  await world.settled();
  expect(world.rung).toEqual([[id]]);
  await consumed(world, world.rung.flat());
  expect(await countOf(world, `notifications_notification where body like 'Paint%'`)).toBe(2);
  expect(await statesOf(world, [id])).toMatchObject([{ state: 'done', attempts: 1, error: null }]);
  expect((await list(world)).results).toEqual([]);
});

test('they are listed newest first, by type, queue and error, page after page', async ({ world }) => {
  const made = await died(world, 'task.created', 'MailError: SES answered 400', 5);
  const done = await died(world, 'task.completed', 'MailError: SES answered 503', 2);
  const mails = await died(world, 'user.registered', 'Error: 50% off', 2, 'mail');
  await addEvents(world, [{ type: 'task.created', residence_id: 1, task_id: 1 }]);

  expect(idsOf(await list(world, { type: 'task.created' }))).toEqual(made.toReversed());
  expect(idsOf(await list(world, { queue: 'mail' }))).toEqual(mails.toReversed());
  expect(idsOf(await list(world, { error: 'MailError: SES answered 5' }))).toEqual(done.toReversed());
  expect(idsOf(await list(world, { error: '%' }))).toEqual([]);
  expect(idsOf(await list(world, { error: 'Error: 50% ', type: 'user.registered', queue: 'mail' }))).toHaveLength(2);

  const all = idsOf(await list(world));
  expect(new Set(all)).toEqual(new Set([...made, ...done, ...mails]));
  const paged: number[] = [];
  let cursor: string | null = null;
  do {
    const page = await list(world, { limit: 2, ...(cursor && { cursor }) });
    expect(page.results.length).toBeLessThanOrEqual(2);
    paged.push(...idsOf(page));
    cursor = page.next_cursor;
  } while (cursor);
  expect(paged).toEqual(all);
  await expect(list(world, { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'validation' });
});

test('all that died of the same are sent again together, and nothing else', async ({ world }) => {
  const away = await died(world, 'task.created', 'StoreError: away (1)', 3);
  const also = await died(world, 'task.created', 'StoreError: away (2)', 2);
  const other = await died(world, 'task.created', 'Error: other', 1);
  const type = await died(world, 'task.updated', 'StoreError: away (1)', 1);
  const retried = await retryDeadLetters(ctxOf(world), { type: 'task.created', error: 'StoreError: away' });
  expect(retried).toEqual({ retried: 5, has_more: false });
  await world.settled();
  expect(world.rung.flat().sort((a, b) => a - b)).toEqual([...away, ...also]);
  expect(await statesOf(world, [...away, ...also])).toMatchObject(Array(5).fill({ state: 'due', attempts: 0 }));
  expect(await statesOf(world, [...other, ...type])).toMatchObject(Array(2).fill({ state: 'dead', attempts: 8 }));
  const nothing = await retryDeadLetters(ctxOf(world), { type: 'task.created', error: 'StoreError: away' });
  expect(nothing).toEqual({ retried: 0, has_more: false });
});

test('a thousand go at once, the rest with the next call', async ({ world }) => {
  await died(world, 'task.created', 'Error: no', 1001);
  const like = { type: 'task.created', error: 'Error' };
  expect(await retryDeadLetters(ctxOf(world), like)).toEqual({ retried: 1000, has_more: true });
  expect(await retryDeadLetters(ctxOf(world), like)).toEqual({ retried: 1, has_more: false });
});

test('what ended in doubt is listed apart, and sent again by itself alone', async ({ world }) => {
  const [doubt = 0, fine = 0] = await addEvents(world, Array(2).fill({ type: 'user.updated', user_id: 1 }));
  await world.rows('update outbox set done_at = now(), attempts = 1');
  await world.rows(`update outbox set uncertain_at = now(), last_error = 'Error: no answer' where id = $1`, [doubt]);
  expect(idsOf(await list(world))).toEqual([]);
  const { results } = await list(world, { state: 'uncertain' });
  expect(results).toMatchObject([{ id: doubt, state: 'uncertain', last_error: 'Error: no answer' }]);
  const like = { type: 'user.updated', error: 'Error' };
  expect(await retryDeadLetters(ctxOf(world), like)).toEqual({ retried: 0, has_more: false });
  expect(await retryDeadLetters(ctxOf(world), { id: doubt })).toEqual({ retried: 1, has_more: false });
  expect(await statesOf(world, [doubt])).toMatchObject([{ state: 'due', attempts: 0, is_uncertain: false }]);
  for (const id of [fine, 999_999]) {
    await expect(retryDeadLetters(ctxOf(world), { id })).rejects.toMatchObject({ code: 'not_found' });
    await expect(readDeadLetter(ctxOf(world), id)).rejects.toMatchObject({ code: 'not_found' });
  }
});

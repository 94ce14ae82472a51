import { expect } from 'vitest';
import { Notification } from '../domain/notification.ts';
import { NOW, type Person, test, type World } from './home.ts';

const LIST = '/api/notifications/';

/** So many notifications of somebody, the oldest first; their ids. */
const tell = async (world: World, { user_id }: Person, count: number): Promise<number[]> =>
  (
    await world.rows(
      `insert into notifications_notification (user_id, type, title, body, data)
       select $1, 'task_overdue', 'Was due yesterday', 'N' || n, '{"task_id": 7}' from generate_series(1, $2) n returning id::int`,
      [user_id, count],
    )
  ).map(({ id }) => id);

const unread = async (world: World, by: Person): Promise<number> =>
  (await world.send('GET', `${LIST}unread-count/`, by)).body.unread_count;

const factsOf = async (world: World) =>
  (await world.rows(`select event from outbox where event ->> 'type' like 'notification%' order by id`)).map(
    ({ event }) => event,
  );

test('are listed page by page, the newest first, each person’s own', async ({ world }) => {
  const { owner, member } = await world.home();
  const ids = await tell(world, owner, 5);
  await tell(world, member, 1);
  const seen: number[] = [];
  let cursor = '';
  do {
    const { body } = await world.send('GET', `${LIST}?limit=2${cursor && `&cursor=${cursor}`}`, owner);
    for (const one of body.results) seen.push(Notification.strict().parse(one).id);
    cursor = body.next_cursor;
  } while (cursor);
  expect(seen).toEqual(ids.toReversed());

  const whole = await world.send('GET', LIST, owner);
  expect(whole.body.results[0]).toMatchObject({
    type: 'task_overdue',
    title: 'Was due yesterday',
    body: 'N5',
    data: { task_id: 7 },
    is_read: false,
    read_at: null,
  });
  const known = { headers: { 'if-none-match': whole.headers.get('etag') ?? '' } };
  expect((await world.send('GET', LIST, owner, undefined, known)).status).toBe(304);
  await tell(world, owner, 1);
  expect((await world.send('GET', LIST, owner, undefined, known)).status).toBe(200);
  expect((await world.send('GET', `${LIST}?cursor=nonsense`, owner)).status).toBe(400);
});

test('one is read, once, by its reader alone', async ({ world }) => {
  const { owner, member } = await world.home();
  const [first, second] = await tell(world, owner, 2);
  expect(await unread(world, owner)).toBe(2);
  const read = () => world.send('POST', `${LIST}${first}/read/`, owner);
  const answer = await read();
  expect([answer.status, answer.body]).toMatchObject([200, { id: first, is_read: true, read_at: NOW }]);
  expect(answer.headers.get('etag')).toMatch(/^"2\./);
  world.ports.now = () => '2026-03-07T16:00:00.000Z';
  expect((await read()).body).toEqual(answer.body);
  expect(await unread(world, owner)).toBe(1);
  expect((await world.send('POST', `${LIST}${second}/read/`, member)).status).toBe(404);
  expect(await unread(world, owner)).toBe(1);
  expect(await factsOf(world)).toEqual(
    [1, 2].map(() => ({ type: 'notification.read', user_id: owner.user_id, notification_id: first })),
  );
});

test('all are read at once; what comes afterwards is not', async ({ world }) => {
  const { owner, member } = await world.home();
  await tell(world, owner, 3);
  await tell(world, member, 1);
  const keyed = { headers: { 'idempotency-key': 'all' } };
  const answer = await world.send('POST', `${LIST}mark-all-read/`, owner, undefined, keyed);
  expect([answer.status, answer.body]).toEqual([200, { unread_count: 0 }]);
  expect([await unread(world, owner), await unread(world, member)]).toEqual([0, 1]);
  await tell(world, owner, 1);
  const again = await world.send('POST', `${LIST}mark-all-read/`, owner, undefined, keyed);
  expect([again.headers.get('idempotency-replayed'), again.text]).toEqual(['true', answer.text]);
  expect(await unread(world, owner)).toBe(1);
  expect(await factsOf(world)).toEqual([{ type: 'notifications.read', user_id: owner.user_id }]);
});

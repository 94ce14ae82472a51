import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import { outsidePorts } from '../../adapters/outside.ts';
import { refuse as appleRefuses, take as appleTakes, hangUp, startApple, TOPIC } from '../../dev/push/apple.ts';
import { refuse as googleRefuses, take as googleTakes, startFirebase } from '../../dev/push/firebase.ts';
import type { PushPlatform, SendPush } from '../../domain/push.ts';
import { applePushFrom } from '../../origin/apple-push.ts';
import { poll } from '../../origin/poll.ts';
import { ringHere } from '../../origin/ring.ts';
import { consumed, later, statesOf } from '../consumer.ts';
import { B2, SES } from '../environment.ts';
import { type Person, TODAY, test, type World } from '../home.ts';
import { prefer, quarterAt, SILENT } from '../quarter-hours.ts';
import { trustApple } from './apple-client.ts';

const NOON = '2026-03-07T12:00:00.000Z';
const BY_PUSH = { push: true, email: false, in_app: true };
const UNREGISTERED = googleRefuses(404, 'NOT_FOUND', { code: 'UNREGISTERED' });

let firebase: Awaited<ReturnType<typeof startFirebase>>;
let apple: Awaited<ReturnType<typeof startApple>>;
let push: SendPush;
let close: () => Promise<void>;

beforeAll(async () => {
  await trustApple();
  [firebase, apple] = await Promise.all([startFirebase(), startApple()]);
  for (const carrier of [firebase, apple]) carrier.clock = () => Date.parse(NOON);
  const { project_id, service_account, api_url } = firebase.options;
  const env = {
    ...SES,
    ...B2,
    FCM_SERVICE_ACCOUNT: JSON.stringify({ project_id, ...service_account }),
    FCM_API_URL: api_url,
    APNS_TOPIC: TOPIC,
    APNS_TEAM_ID: apple.key.team_id,
    APNS_KEY_ID: apple.key.key_id,
    APNS_PRIVATE_KEY: apple.key.private_key.replaceAll('\n', '\\n'),
    APNS_URL: apple.url,
    APNS_SANDBOX_URL: apple.url,
  };
  const here = { now: () => NOON, log: () => {} };
  const ios = applePushFrom(env, here.log, here.now);
  close = ios.close;
  push = outsidePorts(env, { ...here, ios: ios.send, smtp: null }).push;
});

afterAll(async () => {
  await close();
  await Promise.all([firebase.stop(), apple.stop()]);
});

/** Somebody with an Android phone and an iPhone, and a reminder of a task that was just claimed for both. */
async function reminded(world: World) {
  firebase.behave = googleTakes;
  apple.behave = appleTakes;
  world.ports.push = push;
  world.ports.now = () => NOON;
  const { owner, member, viewer, residence_id } = await world.home();
  for (const other of [member, viewer]) await prefer(world, other, SILENT);
  await prefer(world, owner, { ...SILENT, task_due_soon: BY_PUSH });
  const [android, ios] = [await addDevice(world, owner, 'android'), await addDevice(world, owner, 'ios')];
  const title = 'Clean the gutters';
  const task = await world.task(owner, residence_id, { title, due_date: TODAY, frequency_id: 5 });
  await quarterAt(world, NOON);
  return { owner, member, residence_id, task, android, ios };
}

async function addDevice(world: World, by: Person, platform: PushPlatform): Promise<{ id: number; token: string }> {
  const device = { platform, token: randomBytes(32).toString('hex'), environment: 'sandbox' };
  return (await world.send('POST', '/api/notifications/devices/', by, device)).body;
}

const waiting = async (world: World, type: string): Promise<number[]> =>
  (
    await world.rows(`select id::int from outbox where event ->> 'type' = $1 and done_at is null order by id`, [type])
  ).map(({ id }) => id);

/** What the edge does with a claim, and then everybody with what follows from it; answers the events of the devices. */
async function sent(world: World): Promise<number[]> {
  await consumed(world, await waiting(world, 'push.claimed'));
  const ids = await waiting(world, 'push.addressed');
  await consumed(world, ids);
  return ids;
}

const deliveries = (world: World) =>
  world.rows(`select device_id::int, result, message_id, error from notifications_delivery order by device_id`);
const devices = async (world: World) =>
  (await world.rows('select id::int from notifications_device order by id')).map(({ id }) => id);
const gotOn = ({ token }: { token: string }) =>
  [...firebase.received, ...apple.received].filter((message) => message.token === token);

test('a reminder reaches each device once: the edge never takes an iPhone’s, the origin does', async ({ world }) => {
  const { task, residence_id, android, ios } = await reminded(world);
  const claims = await waiting(world, 'push.claimed');
  await consumed(world, claims);
  await world.rows(`update outbox set done_at = null, lease_until = null where id = any ($1)`, [claims]);
  await consumed(world, claims);
  expect(await statesOf(world, claims)).toMatchObject([{ state: 'done' }]);
  const ids = await waiting(world, 'push.addressed');
  expect(ids).toHaveLength(2);

  world.rung.length = 0;
  await world.tick('* * * * *');
  const atEdge = world.rung.flat().filter((id) => ids.includes(id));
  expect(atEdge).toHaveLength(1);
  await Promise.all([consumed(world, atEdge), consumed(world, atEdge)]);
  expect([gotOn(android).length, gotOn(ios).length]).toEqual([1, 0]);
  await poll(ringHere(world.ports));
  await world.rows('update outbox set done_at = null where id = any ($1)', [ids]);
  await consumed(world, ids);

  const said = {
    title: 'Due today',
    body: 'Clean the gutters · Maple House',
    category: 'task_due_recurring',
    badge: 1,
    thread_id: `residence-${residence_id}`,
    life_s: 12 * 3600,
    data: {
      type: 'task_due_soon',
      task_id: `${task.id}`,
      residence_id: `${residence_id}`,
      effective_date: TODAY,
    },
  };
  expect(gotOn(android)).toMatchObject([{ ...said, place: `task-${task.id}` }]);
  expect(gotOn(ios)).toMatchObject([said]);
  const one = { result: 'sent', message_id: expect.stringMatching(/\S/), error: null };
  expect(await deliveries(world)).toEqual([android, ios].map(({ id }) => ({ device_id: id, ...one })));
});

test('a token that is gone takes its device along, unless the app has said since that it is its own', async ({
  world,
}) => {
  const { android, ios } = await reminded(world);
  firebase.behave = UNREGISTERED;
  apple.behave = appleRefuses(410, 'Unregistered', { timestamp: Date.parse(NOON) - 60_000 });
  const ids = await sent(world);
  expect(await devices(world)).toEqual([ios.id]);
  expect(await deliveries(world)).toMatchObject([
    { device_id: android.id, result: 'gone', error: expect.stringContaining('UNREGISTERED') },
    { device_id: ios.id, result: 'gone' },
  ]);
  expect(await statesOf(world, ids)).toMatchObject([{ state: 'done' }, { state: 'done' }]);
});

test('what its carrier wants to wait waits alone, past the quiet hours, and says then what is true', async ({
  world,
}) => {
  const { owner, android, ios } = await reminded(world);
  firebase.behave = googleRefuses(429, 'RESOURCE_EXHAUSTED', {
    code: 'QUOTA_EXCEEDED',
    headers: { 'retry-after': '900' },
  });
  const ids = await sent(world);
  expect(await statesOf(world, ids)).toMatchObject([{ state: 'later', is_uncertain: false }, { state: 'done' }]);
  const [{ pause }] = await world.rows(
    'select extract(epoch from run_at - now())::int as pause from outbox where id = $1',
    [ids[0]],
  );
  expect(pause).toBeGreaterThan(850);
  expect(await deliveries(world)).toMatchObject([{ result: 'waiting' }, { result: 'sent' }]);

  firebase.behave = googleTakes;
  await prefer(world, owner, { ...SILENT, task_due_soon: BY_PUSH, quiet_start: '22:00', quiet_end: '06:30' });
  world.ports.now = () => '2026-03-07T22:30:00.000Z';
  await later(world);
  await consumed(world, ids);
  expect(gotOn(android)).toHaveLength(1);
  expect(await statesOf(world, ids)).toMatchObject([{ state: 'later', is_uncertain: false }, { state: 'done' }]);

  world.ports.now = () => '2026-03-08T06:30:00.000Z';
  await later(world);
  await consumed(world, ids);
  expect(gotOn(android).at(-1)).toMatchObject({ title: 'Was due yesterday' });
  expect([gotOn(android).length, gotOn(ios).length]).toEqual([2, 1]); // the first was refused
  expect(await deliveries(world)).toMatchObject([{ result: 'sent' }, { result: 'sent' }]);
});

test('of what nobody knows whether it went it is noted so, and nothing is sent again', async ({ world }) => {
  const { ios } = await reminded(world);
  apple.behave = hangUp;
  const ids = await sent(world);
  apple.behave = appleTakes;
  await later(world);
  await consumed(world, ids);
  expect(gotOn(ios)).toHaveLength(1);
  expect(await deliveries(world)).toMatchObject([{ result: 'sent' }, { device_id: ios.id, result: 'uncertain' }]);
  expect(await statesOf(world, ids)).toMatchObject([{ is_uncertain: false }, { state: 'done', is_uncertain: true }]);
});

test('what was done meanwhile is not sent, nor is anything to a phone that is somebody else’s by now', async ({
  world,
}) => {
  const { owner, member, residence_id, task, android, ios } = await reminded(world);
  await consumed(world, await waiting(world, 'push.claimed'));
  const { token } = ios;
  await world.send('POST', '/api/notifications/devices/', member, { platform: 'ios', token });
  await sent(world);
  expect([gotOn(android).length, gotOn(ios).length]).toEqual([1, 0]);
  expect(await deliveries(world)).toMatchObject([{ device_id: android.id, result: 'sent' }]);

  await world.task(owner, residence_id, { title: 'Rake', due_date: TODAY });
  await quarterAt(world, NOON);
  await consumed(world, await waiting(world, 'push.claimed'));
  await world.rows(`update task_task set is_cancelled = true where id <> $1`, [task.id]);
  await sent(world);
  expect(gotOn(android)).toHaveLength(1);
  expect(await deliveries(world)).toHaveLength(1);
});

test('without credentials the log says so once, and every push is refused for good', async ({ world }) => {
  await reminded(world);
  const { now, log } = world.ports;
  const ios = applePushFrom({}, log, now).send;
  world.ports.push = outsidePorts({ ...SES, ...B2 }, { now, log, ios, smtp: null }).push;
  const ids = await sent(world);
  expect(await statesOf(world, ids)).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  expect(await deliveries(world)).toMatchObject([
    { result: 'refused', error: 'No carrier of android pushes is set up: there is no FCM_SERVICE_ACCOUNT.' },
    { result: 'refused', error: 'No carrier of ios pushes is set up: there is no APNS_TOPIC.' },
  ]);
  expect(world.logged.filter(({ event }) => event === 'push.not_set_up')).toHaveLength(2);
});

import { expect } from 'vitest';
import { test, type World } from './home.ts';
import { PUBLIC } from './operations/public.ts';
import { operations, SAMPLES } from './operations.ts';

const SWITCH = 'update app_setting set min_app_version = $1, is_read_only = $2';
const TRACES = `select (select count(*) from audit_log where target_type <> 'app_setting') a, (select count(*) from outbox) o, (select count(*) from change_log) c,
  (select count(*) from idempotency_key) k, (select sum(version) from residence_version) v, (select count(*) from auth_user) u`;

/** They ask the database nothing that a switch could say no to; whether all is well must be told to anybody. */
const ALWAYS = Object.entries(PUBLIC)
  .filter(([name, { trips }]) => trips === 0 || name === 'GET /api/health/ready/')
  .map(([name]) => name);

/** Sends every operation's sample as the owner of a home of its own, once the switches are turned. */
async function sendAll(
  world: World,
  turn: [min: string | null, is_read_only: boolean],
  headers: Record<string, string>,
) {
  const answers: Record<string, { status: number; code?: string; headers: Headers }> = {};
  for (const { method, name, isPublic } of operations()) {
    const sample = { ...PUBLIC, ...SAMPLES }[name];
    if (!sample) throw new Error(`${name} is in no list`);
    const home = await world.home();
    const { id: task_id } = await world.task(home.owner, home.residence_id);
    const more = await sample.make?.(world, home, home.owner);
    const request = sample.request({ residence_id: home.residence_id, task_id, ...more });
    const before = await world.rows(TRACES);
    await world.rows(SWITCH, turn);
    const by = isPublic ? null : home.owner;
    const all = { ...request.headers, ...headers, ...(by && { 'idempotency-key': 'switched' }) };
    const answer = await world.send(method, request.path, by, request.body, { headers: all });
    await world.rows(SWITCH, [null, false]);
    answers[name] = {
      status: answer.status,
      code: answer.status >= 400 ? answer.body?.code : undefined,
      headers: answer.headers,
    };
    if (answer.status >= 400) expect(await world.rows(TRACES), name).toEqual(before);
  }
  return answers;
}

/** A download leads to where the file lies. */
const success = expect.toSatisfy((status: number) => (status >= 200 && status < 300) || status === 302);

test('an app that is too old is told so by every operation, and leaves nothing behind', async ({ world }) => {
  const answers = await sendAll(world, ['2.0.0', false], { 'x-app-version': '1.12.9 (45)' });
  for (const [name, { status, code }] of Object.entries(answers)) {
    const expected = ALWAYS.includes(name) ? [success, undefined] : [426, 'upgrade_required'];
    expect([status, code], name).toEqual(expected);
  }
}, 120_000);

test('while nothing may be written, every write is told when to come back, and every read is answered', async ({
  world,
}) => {
  const answers = await sendAll(world, [null, true], {});
  for (const [name, { status, code, headers }] of Object.entries(answers)) {
    const isRead = name.startsWith('GET') && name !== 'GET /api/unsubscribe/'; // one click is a write
    expect([status, code], name).toEqual(isRead ? [success, undefined] : [503, 'read_only']);
    if (!isRead) expect(headers.get('retry-after'), name).toBe('60');
  }
}, 120_000);

test.for([
  ['2.0.0', '2', 200],
  ['2', '2.0.0', 200],
  ['2.0', '2.0.0 (45)', 200],
  ['2.0.0', '10.0', 200],
  ['2.9', '2.10.1-beta+7', 200],
  ['2.0.1', '2.0.0 (99)', 426],
  ['2.0.0', '1.99.99', 426],
  ['2.0.0.1', '2.0.0', 426],
  ['10.0', '9.9.9', 426],
  ['2.0.0', 'unknown', 200],
  ['2.0.0', '', 200],
  ['2.0.0', null, 200],
  [null, '0.0.1', 200],
] as const)('with the minimum %s an app of version %s is answered %s', async ([min, version, expected], { world }) => {
  const { owner } = await world.home();
  await world.rows(SWITCH, [min, false]);
  const headers: Record<string, string> = version === null ? {} : { 'x-app-version': version };
  const read = await world.send('GET', '/api/tasks/', owner, undefined, { headers });
  const write = await world.send('POST', '/api/residences/', owner, { name: 'Cabin' }, { headers });
  expect([read.status, write.status]).toEqual([expected, expected === 200 ? 201 : expected]);
});

test('while nothing may be written the jobs work on, and a refused key is free afterwards', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  await world.task(owner, residence_id);
  await world.rows(SWITCH, [null, true]);
  await world.tick('* * * * *');
  await world.deliver(world.rung.flat().map((event_id) => ({ event_id })));
  expect(await world.rows('select count(*)::int n from outbox where done_at is null')).toEqual([{ n: 0 }]);
  const told = 'select count(*)::int n from notifications_notification where user_id = $1';
  expect(await world.rows(told, [member.user_id])).toEqual([{ n: 1 }]);

  const create = () =>
    world.send('POST', '/api/tasks/', owner, { residence_id, title: 'Wait' }, { headers: { 'idempotency-key': 'k' } });
  expect((await create()).status).toBe(503);
  await world.rows(SWITCH, [null, false]);
  const { status, headers } = await create();
  expect([status, headers.get('idempotency-replayed')]).toEqual([201, null]);
});

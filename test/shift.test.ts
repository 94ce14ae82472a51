import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, vi } from 'vitest';
import { localVars } from '../dev/edge.ts';
import { EDGE_QUEUES, type Event } from '../domain/event.ts';
import { ringHere } from '../origin/ring.ts';
import { endShift, newShift } from '../origin/shift.ts';
import { addEvents, statesOf } from './consumer.ts';
import { appUrl } from './database.ts';
import { test, type World } from './home.ts';

const updated: Event = { type: 'user.updated', user_id: 1 };
/** Its mail goes out by the port that a test holds up. */
const mailed = async (world: World, queue: 'long' | 'mail' = 'long') => {
  const { user_id } = await world.person(`reader_${crypto.randomUUID().slice(0, 8)}`);
  return await addEvents(world, [{ type: 'user.password_changed', user_id }], queue);
};

test('what is under way when a shift ends is waited for', async ({ world }) => {
  const shift = newShift();
  const { ring } = ringHere(world.ports, shift);
  const [id = 0] = await mailed(world);
  const held = Promise.withResolvers<{ message_id: string }>();
  world.ports.mail = () => held.promise;
  const done = ringHere(world.ports, shift).ring([{ event_id: id, queue: 'long' }]);
  await expect.poll(() => shift.held.size).toBe(1);
  const ending = endShift(shift, { done, patience_ms: 20_000, db: world.ports.db, log: world.ports.log });
  const [later = 0] = await addEvents(world, [updated]);
  await ring([{ event_id: later, queue: 'jobs' }]);
  held.resolve({ message_id: 'sent' });
  await ending;
  const states = (await statesOf(world, [id, later])).map(({ state, attempts }) => [state, attempts]);
  expect(states).toEqual([
    ['done', 1],
    ['due', 0], // taken up by nobody whose shift is over
  ]);
  expect(world.logged).toContainEqual({ event: 'shift.over', is_done: true, given_back: [] });
});

test('what takes too long is given back, and somebody else begins it at once', async ({ world }) => {
  const shift = newShift();
  const [id = 0] = await mailed(world);
  const held = Promise.withResolvers<{ message_id: string }>();
  const done = ringHere({ ...world.ports, mail: () => held.promise }, shift).ring([{ event_id: id, queue: 'long' }]);
  await expect.poll(() => shift.held.size).toBe(1);
  await endShift(shift, { done, patience_ms: 10, db: world.ports.db, log: world.ports.log });
  expect(world.logged).toContainEqual({ event: 'shift.over', is_done: false, given_back: [id] });
  expect(await statesOf(world, [id])).toMatchObject([{ state: 'due', attempts: 1 }]);

  await ringHere(world.ports).ring([{ event_id: id, queue: 'long' }]);
  expect(await statesOf(world, [id])).toMatchObject([{ state: 'done', attempts: 2 }]);
  held.resolve({ message_id: 'late' }); // and whoever gave it back has no more say in it
  await done;
  expect(await statesOf(world, [id])).toMatchObject([{ state: 'done', attempts: 2 }]);
});

test('an API beside workers leaves to them what is theirs', async ({ world }) => {
  const { ring } = ringHere(world.ports, newShift(EDGE_QUEUES));
  const [long = 0] = await addEvents(world, [updated], 'long');
  const [apns = 0] = await addEvents(world, [updated], 'apns');
  const [job = 0] = await addEvents(world, [updated]);
  await ring([
    { event_id: long, queue: 'long' },
    { event_id: apns, queue: 'apns' },
    { event_id: job, queue: 'jobs' },
  ]);
  expect((await statesOf(world, [long, apns, job])).map(({ state }) => state)).toEqual(['due', 'due', 'done']);
});

function run(world: World, ...args: string[]) {
  const env = { ...process.env, ...localVars(), DATABASE_URL: appUrl(world.name), PORT: '0', HOST: '127.0.0.1' };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test('the worker says that it lives, and ends when it is told to', async ({ world }) => {
  const child = run(world, 'origin/worker.ts');
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  const port = await vi.waitUntil(() => /"worker.listening","port":(\d+)/.exec(printed)?.[1], 20_000);
  const health = await fetch(`http://127.0.0.1:${port}/health`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok', held: 0 }]);
  expect((await fetch(`http://127.0.0.1:${port}/api/health/`)).status).toBe(404);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(printed).toContain('"shift.over","is_done":true');
});

test('nothing goes on before the schema is there', async ({ world }) => {
  const hasty = ['origin/await-schema.ts', '--patience-s', '0'];
  expect(await once(run(world, ...hasty), 'exit')).toEqual([0, null]);
  await world.rows('delete from drizzle.__drizzle_migrations where id = 1');
  const behind = run(world, ...hasty);
  const [[code], printed] = await Promise.all([once(behind, 'exit'), text(behind.stdout)]);
  expect(code).toBe(1);
  expect(printed).toMatch(/"schema.asked","database":"ok","state":"down","applied":\d+,"expected":\d+/);
});

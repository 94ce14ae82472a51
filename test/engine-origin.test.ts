import { expect, onTestFinished, vi } from 'vitest';
import type { Event } from '../domain/event.ts';
import { poll, startPolling } from '../origin/poll.ts';
import { ringHere } from '../origin/ring.ts';
import { addEvents, countOf, statesOf, withBatch } from './consumer.ts';
import { test, type World } from './home.ts';

const updated: Event = { type: 'user.updated', user_id: 1 };
const workerOf = ({ ports }: World) => ringHere(ports);

test('at the origin the same engine works in process, each queue’s events by themselves', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { ring } = workerOf(world);
  await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'Rake' }, { ports: { ring } });
  expect(await countOf(world, 'notifications_notification')).toBe(2);

  const [job = 0] = await addEvents(world, [updated]);
  const [mail = 0] = await addEvents(world, [{ type: 'user.password_changed', user_id: owner.user_id }], 'mail');
  const hang = Promise.withResolvers<never>();
  world.ports.mail = () => hang.promise;
  const ringing = workerOf(world).ring([
    { event_id: mail, queue: 'mail' },
    { event_id: job, queue: 'jobs' },
  ]);
  await expect.poll(async () => (await statesOf(world, [job]))[0]?.state).toBe('done');
  expect(await statesOf(world, [mail])).toMatchObject([{ state: 'leased' }]);
  hang.reject(new Error('at last'));
  await ringing;
  expect(await statesOf(world, [mail])).toMatchObject([{ state: 'later', attempts: 1 }]);
});

test('it polls for long events and pushes to iPhones, and for others that the edge has left', async ({ world }) => {
  const [long = 0] = await addEvents(world, [updated], 'long');
  const [apns = 0] = await addEvents(world, [updated], 'apns');
  const [fresh = 0, left = 0] = await addEvents(world, [updated, updated]);
  await world.rows(`update outbox set run_at = now() - interval '3 minutes' where id = $1`, [left]);
  await poll(workerOf(world));
  const states = await statesOf(world, [long, apns, fresh, left]);
  expect(states.map(({ id, state }) => [id, state])).toEqual([
    [long, 'done'],
    [apns, 'done'],
    [fresh, 'due'],
    [left, 'done'],
  ]);
});

test('it polls every 15 seconds, nothing twice at once, until it is told to stop', async ({ world }) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const [long = 0] = await addEvents(world, [updated], 'long');
  const meeting = Promise.withResolvers<void>();
  let polls = 0;
  const db = withBatch(world.ports.db, async (send) => {
    polls += 1;
    await meeting.promise;
    return await send();
  });
  const stop = startPolling({ ...workerOf(world), db });
  vi.advanceTimersByTime(14_999);
  expect(polls).toBe(0);
  vi.advanceTimersByTime(45_000);
  expect(polls).toBe(3); // long events, pushes to iPhones, and what the edge has left
  let hasStopped = false;
  const stopping = stop().then(() => {
    hasStopped = true;
  });
  expect(await statesOf(world, [long])).toMatchObject([{ state: 'due' }]);
  expect(hasStopped).toBe(false);
  meeting.resolve();
  await stopping;
  expect(await statesOf(world, [long])).toMatchObject([{ state: 'done' }]);
  vi.advanceTimersByTime(60_000);
  expect(polls).toBe(3);
});

test('a long job holds up no push, and no other long job', async ({ world }) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { user_id } = await world.person('reader');
  const [long = 0] = await addEvents(world, [{ type: 'user.password_changed', user_id }], 'long');
  const hang = Promise.withResolvers<never>();
  world.ports.mail = () => hang.promise;
  const stop = startPolling(workerOf(world));
  vi.advanceTimersByTime(15_000);
  await expect.poll(async () => (await statesOf(world, [long]))[0]?.state).toBe('leased');
  const [apns = 0] = await addEvents(world, [updated], 'apns');
  await expect
    .poll(async () => {
      vi.advanceTimersByTime(15_000);
      return (await statesOf(world, [apns]))[0]?.state;
    })
    .toBe('done');
  const [second = 0] = await addEvents(world, [updated], 'long');
  await expect
    .poll(async () => {
      vi.advanceTimersByTime(15_000);
      return (await statesOf(world, [second]))[0]?.state;
    })
    .toBe('done');
  expect(await statesOf(world, [long])).toMatchObject([{ state: 'leased', attempts: 1 }]);
  hang.reject(new Error('at last'));
  await stop();
});

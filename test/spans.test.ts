import { expect } from 'vitest';
import type { Event } from '../domain/event.ts';
import { MailError } from '../domain/mail.ts';
import { consumed } from './consumer.ts';
import { testTogether as test, type World } from './home.ts';
import { photoOf, storageOf } from './uploads/storage.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACED = { headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } };
const spansOf = (world: World, name: string) =>
  world.logged.filter((line) => line.event === 'span' && line.name === name);

test('what a job asks of others is a span of the trace that its request began', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'Rake' }, TRACED);
  const [event] = await world.rows('select id::int from outbox order by id desc limit 1');
  const asked = (act: () => Promise<unknown>) => consumed(world, [event.id], { jobs: { 'task.created': { act } } });

  await asked(() => Promise.reject(new MailError('temporary', 'the mailbox of ann@example.com is full')));
  await world.rows('update outbox set run_at = now() where id = $1', [event.id]);
  await asked(async () => 'done');
  const type: Event['type'] = 'task.created';
  expect(spansOf(world, type)).toMatchObject([
    { trace_id: TRACE, ms: expect.any(Number), error: 'MailError' },
    { trace_id: TRACE, ms: expect.any(Number), error: null },
  ]);
  expect(JSON.stringify(spansOf(world, type))).not.toContain('ann@example.com');
});

test('so is what a request asks of storage', async ({ world }) => {
  await storageOf(world);
  const { owner, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const { image_id } = await photoOf(world, owner, task_id);
  const before = spansOf(world, 'storage').length;
  const answer = await world.send('GET', `/api/media/completion-image/${image_id}/`, owner, undefined, TRACED);
  expect(answer.status).toBe(200);
  expect(spansOf(world, 'storage').slice(before)).toMatchObject([{ trace_id: TRACE, error: null }]);
});

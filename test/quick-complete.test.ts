import { expect } from 'vitest';
import { CompletionWritten } from '../domain/completion.ts';
import { NOW, type Person, test, type World } from './home.ts';
import { race } from './race.ts';

const MONTHLY = 5;

const quick = (world: World, by: Person, id: number, body?: object | string) =>
  world.send('POST', `/api/tasks/${id}/quick-complete/`, by, body);

test('completes now, without a body or with an empty one', async ({ world }) => {
  const { member, residence_id } = await world.home();
  for (const body of [undefined, '', {}]) {
    const { id } = await world.task(member, residence_id, { frequency_id: MONTHLY });
    const answer = await quick(world, member, id, body);
    expect(answer.status, answer.text).toBe(200);
    expect(CompletionWritten.strict().parse(answer.body)).toMatchObject({
      data: { task_id: id, completed_at: NOW, completed_by_id: member.user_id, previous_next_due_date: '2026-03-07' },
      task: { next_due_date: '2026-04-07', completion_count: 1 },
    });
  }
  expect(await world.rows(`select count(*)::int n from outbox where event ->> 'type' = 'task.completed'`)).toEqual([
    { n: 3 },
  ]);
});

test('completes when it was done, if that is the occurrence that was seen', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { frequency_id: MONTHLY });
  const other = await quick(world, owner, id, { occurrence: '2026-02-07' });
  expect([other.status, other.body.code]).toEqual([409, 'occurrence_completed']);
  const seen = { occurrence: '2026-03-07', completed_at: '2026-03-06T10:00:00Z' };
  const done = await quick(world, owner, id, seen);
  expect(done.body).toMatchObject({
    data: { completed_at: '2026-03-06T10:00:00.000Z' },
    task: { next_due_date: '2026-04-06' },
  });
  expect((await quick(world, owner, id, seen)).body.code).toBe('occurrence_completed');
  expect((await quick(world, owner, id, { completed_at: 'now' })).body.fields).toHaveProperty('completed_at');
  expect((await quick(world, owner, id, '{')).body.code).toBe('malformed_json');
  const once = await world.task(owner, residence_id);
  expect((await quick(world, owner, once.id)).status).toBe(200);
  expect((await quick(world, owner, once.id)).body.code).toBe('already_completed');
});

test('of two taps at once one completes, on one task that comes back and on one that does not', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  for (const [more, code] of [
    [{ frequency_id: MONTHLY }, 'occurrence_completed'],
    [{}, 'already_completed'],
  ] as const) {
    const { id } = await world.task(owner, residence_id, more);
    const path = `/api/tasks/${id}/quick-complete/`;
    const answers = await race(world, [
      ['POST', path, owner],
      ['POST', path, member],
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
    expect(answers[1]?.body.code).toBe(code);
  }
});

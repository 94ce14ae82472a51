import { expect } from 'vitest';
import { test } from './home.ts';

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

test('20 parallel creates with one key: one row, 20 equal answers', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const create = () => world.send('POST', '/api/tasks/', owner, { residence_id, title: 'Once' }, keyed('once'));
  const answers = await Promise.all(Array.from({ length: 20 }, create));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(201);
  expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(19);
  expect(await world.rows(`select count(*)::int n from task_task where title = 'Once'`)).toEqual([{ n: 1 }]);
  expect(await world.rows(`select count(*)::int n from outbox where event->>'type' = 'task.created'`)).toEqual([
    { n: 1 },
  ]);
});

test('a two-trip write is replayed with an equal body, before existence or role', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id);
  const first = await world.send('PATCH', `/api/tasks/${id}/`, owner, { title: 'Renamed' }, keyed('rename'));
  await world.send('DELETE', `/api/tasks/${id}/`, owner, undefined, keyed('gone'));
  const again = await world.send('PATCH', `/api/tasks/${id}/`, owner, { title: 'Renamed' }, keyed('rename'));
  expect([again.status, again.text, again.headers.get('etag')]).toEqual([200, first.text, first.headers.get('etag')]);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect((await world.send('DELETE', `/api/tasks/${id}/`, owner, undefined, keyed('gone'))).status).toBe(204);
});

test('the same key with another request is refused', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'One' }, keyed('k'));
  const other = await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'Two' }, keyed('k'));
  expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
});

test('a refused request leaves its key free', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  expect((await world.send('POST', '/api/tasks/', viewer, { residence_id, title: 'x' }, keyed('k'))).status).toBe(403);
  expect(
    (await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'x', category_id: 999 }, keyed('k'))).status,
  ).toBe(400);
  expect((await world.send('POST', '/api/tasks/', owner, { residence_id, title: 'x' }, keyed('k'))).status).toBe(201);
  expect(await world.rows('select count(*)::int n from idempotency_key')).toEqual([{ n: 1 }]);
});

test('keys belong to their user', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  for (const who of [owner, member]) {
    const { status, headers } = await world.send('POST', '/api/tasks/', who, { residence_id, title: 'x' }, keyed('k'));
    expect([status, headers.get('idempotency-replayed')]).toEqual([201, null]);
  }
});

test('a key has a shape', async ({ world }) => {
  const { owner } = await world.home();
  const answer = await world.send('POST', '/api/residences/', owner, { name: 'x' }, keyed('k'.repeat(129)));
  expect([answer.status, Object.keys(answer.body.fields)]).toEqual([400, ['Idempotency-Key']]);
});

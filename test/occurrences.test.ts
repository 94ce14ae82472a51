import { expect } from 'vitest';
import { Occurrences } from '../domain/occurrence.ts';
import { test } from './home.ts';

test('previews the next dates: the month’s end clamps, the anchor’s day returns', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  const preview = async (id: number, query = '') => {
    const { status, body } = await world.send('GET', `/api/tasks/${id}/occurrences/${query}`, viewer);
    expect(status).toBe(200);
    return Occurrences.strict().parse(body).dates;
  };
  const more = { frequency_id: 5, schedule: 'fixed', due_date: '2026-01-31' };
  const { id } = await world.task(owner, residence_id, more);
  expect(await preview(id, '?count=4')).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']);
  expect(await preview(id)).toHaveLength(12);
  expect(await preview(id, '?count=100')).toHaveLength(100);
  await world.send('POST', `/api/tasks/${id}/quick-complete/`, owner);
  expect(await preview(id, '?count=2')).toEqual(['2026-03-31', '2026-04-30']);
  const once = await world.task(owner, residence_id, { due_date: '2026-05-01' });
  expect(await preview(once.id)).toEqual(['2026-05-01']);
  await world.send('POST', `/api/tasks/${once.id}/quick-complete/`, owner);
  expect(await preview(once.id)).toEqual([]);
  for (const count of ['0', '101', 'all', '1.5']) {
    expect((await world.send('GET', `/api/tasks/${id}/occurrences/?count=${count}`, owner)).status, count).toBe(400);
  }
});

test('a preview that is known is not sent again, until the task moves', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { id } = await world.task(owner, residence_id, { frequency_id: 5 });
  const read = (etag = '') =>
    world.send('GET', `/api/tasks/${id}/occurrences/`, owner, undefined, { headers: { 'if-none-match': etag } });
  const etag = (await read()).headers.get('etag') ?? '';
  expect(etag).toMatch(/^"[0-9a-f]{16}"$/);
  const known = await read(`W/${etag}`);
  expect([known.status, known.text, known.headers.get('etag')]).toEqual([304, '', etag]);
  await world.send('POST', `/api/tasks/${id}/skip/`, owner);
  expect((await read(etag)).status).toBe(200);
});

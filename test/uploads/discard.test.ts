import { expect } from 'vitest';
import { b2Files } from '../../adapters/files.ts';
import { consumed, later, statesOf } from '../consumer.ts';
import { bucketAt } from '../files/storage.ts';
import { test, type World } from '../home.ts';
import { keysIn, photoOf, picture, putTo, upload } from './storage.ts';

const discards = async (world: World): Promise<number[]> =>
  (
    await world.rows(
      `select id::int from outbox where event ->> 'type' = 'file.discarded' and done_at is null order by id`,
    )
  ).map(({ id }) => id);

test('what no row names any more leaves storage, with all that was written there', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const task = () => world.task(owner, residence_id);
  const undone = await photoOf(world, owner, (await task()).id);
  const kept = await photoOf(world, owner, (await task()).id);
  const late = await upload(world, owner, picture());
  await putTo(late, picture());
  const [{ object_key }] = await world.rows('select object_key from task_taskcompletionimage where id = $1', [
    kept.image_id,
  ]);
  await world.ports.files.put('variant/1', picture(), { content_type: 'image/png' });
  await world.rows(
    `insert into storage_variant (source_key, kind, object_key, version_id, content_type, size, sha256, width, height)
     values ($1, 'medium', 'variant/1', 'v', 'image/png', 1, '-', 1, 1)`,
    [object_key],
  );
  expect(await keysIn(world)).toHaveLength(5);

  await world.send('DELETE', `/api/task-completions/${undone.completion_id}/`, owner);
  await world.rows(`update pending_uploads set expires_at = now() - interval '1 second'`);
  await world.tick('10 * * * *');
  expect(await world.rows('select id from pending_uploads')).toEqual([]);
  const ids = await discards(world);
  expect(ids).toHaveLength(2);
  // B2 is away: the events wait.
  const away = { files: b2Files(bucketAt('http://127.0.0.1:1', { ask_ms: 200 })) };
  await consumed(world, ids, { worker: away });
  expect((await statesOf(world, ids)).map(({ state }) => state)).toEqual(['later', 'later']);
  await later(world);
  await consumed(world, ids);
  await consumed(world, ids);
  expect((await statesOf(world, ids)).map(({ state }) => state)).toEqual(['done', 'done']);
  expect(await keysIn(world)).toEqual([object_key, 'variant/1'].sort());

  await world.send('DELETE', `/api/residences/${residence_id}/`, owner);
  expect(await discards(world)).toEqual([]);
  await world.rows(`update residence_residence set deleted_at = now() - interval '31 days' where id = $1`, [
    residence_id,
  ]);
  await world.tick('40 * * * *');
  await consumed(world, await discards(world));
  // The smaller picture goes with its original: an event of its own, from the same deletion.
  await consumed(world, await discards(world));
  expect(await keysIn(world)).toEqual([]);
});

test('an object that a row names after all stays', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await photoOf(world, owner, (await world.task(owner, residence_id)).id);
  const [key] = await keysIn(world);
  const [{ id }] = await world.rows(
    `insert into outbox (event, queue) values (jsonb_build_object('type', 'file.discarded', 'object_key', $1::text,
      'version_id', null), 'maintenance') returning id::int`,
    [key],
  );
  await consumed(world, [id]);
  expect(await statesOf(world, [id])).toMatchObject([{ state: 'done' }]);
  expect(await keysIn(world)).toEqual([key]);
});

test('reports go with their files when their time is over', async ({ world }) => {
  const { owner } = await world.home();
  await upload(world, owner, picture());
  await world.ports.files.put('report/1', picture(), { content_type: 'application/pdf' });
  await world.rows(
    `insert into long_job (user_id, kind, state, object_key, version_id, expires_at) values
      ($1, 'report', 'done', 'report/1', 'v', $2::timestamptz - interval '1 second'),
      ($1, 'report', 'done', 'report/2', 'v', $2::timestamptz + interval '1 hour'),
      ($1, 'export', 'running', null, null, $2::timestamptz - interval '1 second')`,
    [owner.user_id, world.ports.now()],
  );
  await world.tick('40 * * * *');
  expect(await world.rows('select object_key, state from long_job order by id')).toEqual([
    { object_key: 'report/2', state: 'done' },
    { object_key: null, state: 'running' },
  ]);
  await consumed(world, await discards(world));
  expect((await keysIn(world)).filter((key) => key.startsWith('report'))).toEqual([]);
});

import { expect } from 'vitest';
import { b2Files } from '../../adapters/files.ts';
import { reconcile } from '../../usecases/storage/reconcile.ts';
import { consumed, statesOf } from '../consumer.ts';
import { bucketAt } from '../files/storage.ts';
import { test, type World } from '../home.ts';
import { sha256 } from '../s3/local.ts';
import { keysIn, photoOf, picture, prepare, putTo, readBytes, storageOf, upload } from './storage.ts';

const NOTHING = { orphans: 0, unfinished: 0, missing: 0 };
const PNG = { content_type: 'image/png' };

/** As if it were so many hours later. */
const inHours = (world: World, hours: number, more: Partial<World['ports']> = {}) => ({
  ...world.ports,
  now: () => new Date(Date.now() + hours * 3_600_000).toISOString(),
  ...more,
});

/** Answers pages of two, so that a handful of keys is many pages. */
function inSmallPages(files: World['ports']['files']): World['ports']['files'] {
  const page = { limit: 2 };
  return {
    ...files,
    listVersions: (prefix, given) => files.listVersions(prefix, { ...given, ...page }),
    listUploads: (prefix, given) => files.listUploads(prefix, { ...given, ...page }),
  };
}

test('finds orphans both ways, puts them right once, and leaves the rest alone', async ({ world }) => {
  const { local, files } = { local: await storageOf(world), files: world.ports.files };
  const { owner, residence_id } = await world.home();
  const photo = async () => await photoOf(world, owner, (await world.task(owner, residence_id)).id);
  const sound = await photo();
  const gone = await photo();
  const [{ object_key: gone_key }] = await world.rows('select object_key from task_taskcompletionimage where id = $1', [
    gone.image_id,
  ]);
  await files.delete(gone_key);
  // Waits to be claimed, with and without its file; nobody misses either.
  await upload(world, owner, picture());
  await world.send('POST', '/api/uploads/presign/', owner, {
    category: 'document',
    content_type: 'image/png',
    content_length: 9,
  });
  // A smaller picture that is not there, and one by an id that no version ever had.
  const { version } = await files.put('variant/0', picture(), PNG);
  await files.delete('variant/0', version);
  await world.rows(
    `insert into storage_variant (source_key, kind, object_key, version_id, content_type, size, sha256, width, height)
     select i.object_key, v.kind, v.key, v.id, 'image/webp', 1, '-', 1, 1 from task_taskcompletionimage i,
       (values ('thumbnail', 'variant/0', $2), ('medium', 'variant/x', 'never')) v (kind, key, id) where i.id = $1`,
    [sound.image_id, version],
  );
  for (const key of ['completion/0', 'completion/z', 'export/1', 'odd', 'variant/1', 'variant/1'])
    await files.put(key, picture(), PNG);
  await files.put('audit/2026-01', picture(), PNG);
  await local.send('/document/9', { method: 'DELETE' });
  for (const key of ['/document/1', '/document/2', '/document/3'])
    await local.send(`${key}?uploads`, { method: 'POST' });

  const reach = (hours: number) => inHours(world, hours, { files: inSmallPages(files) });
  const before = await keysIn(world);
  // All of it is too young, but for what is missing.
  expect(await reconcile(reach(0), { dry_run: true })).toMatchObject({ ...NOTHING, missing: 2 });
  const found = { orphans: 7, unfinished: 3, missing: 2 };
  expect(await reconcile(reach(25), { dry_run: true })).toMatchObject(found);
  expect(await keysIn(world)).toEqual(before);
  expect(await world.rows(`select id from task_taskcompletionimage where prepare_error is not null`)).toEqual([]);

  expect(await reconcile(reach(25))).toMatchObject(found);
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'storage.orphan', key: 'export/1' }));
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'storage.missing', object_key: gone_key }));
  expect(await reconcile(reach(25))).toMatchObject(NOTHING);
  expect(await world.rows('select id::int, prepare_error from task_taskcompletionimage order by id')).toEqual([
    { id: sound.image_id, prepare_error: null },
    { id: gone.image_id, prepare_error: 'missing' },
  ]);
  expect(await world.rows('select kind from storage_variant')).toEqual([{ kind: 'medium' }]);
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'storage.unsure', object_key: 'variant/x' }));
  const named = (await world.rows('select object_key from hd_named_object')).map(({ object_key }) => object_key);
  const left = await keysIn(world);
  expect(left).toContain('audit/2026-01');
  expect(left.filter((key) => !named.includes(key))).toEqual(['audit/2026-01']);
  expect((await readBytes(world, sound.url, owner)).status).toBe(200);
});

test('what was written over a claimed photo goes, and the photo is the newest version again', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const bytes = picture();
  const promised = await upload(world, owner, bytes);
  const { id: task_id } = await world.task(owner, residence_id);
  const input = { task_id, completed_at: '2026-03-07T08:00:00Z', upload_ids: [promised.upload_id] };
  const { body } = await world.send('POST', '/api/task-completions/', owner, input);
  const [{ id, url }] = body.data.images;
  await prepare(world, id, sha256(bytes));
  await putTo(promised, picture());
  const { files } = world.ports;
  await files.put('variant/1', picture(), PNG);
  // Its marker hides it from whoever names no version.
  const local = await storageOf(world);
  await local.send(`/${promised.object_key}`, { method: 'DELETE' });
  expect(await files.head(promised.object_key)).toBeNull();
  expect(await reconcile(inHours(world, 0))).toMatchObject(NOTHING);
  expect(await reconcile(inHours(world, 2))).toMatchObject({ ...NOTHING, orphans: 2 });
  const [{ version_id }] = await world.rows('select version_id from task_taskcompletionimage');
  expect((await files.head(promised.object_key))?.version).toBe(version_id);
  expect(sha256((await readBytes(world, url, owner)).bytes)).toBe(sha256(bytes));
});

test('another environment’s bucket is left alone', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  await photoOf(world, owner, (await world.task(owner, residence_id)).id);
  const keys = await keysIn(world);
  await world.rows('update task_taskcompletionimage set object_key = gen_random_uuid()::text');
  await expect(reconcile(inHours(world, 25))).rejects.toThrow('Is it the bucket of this database?');
  expect(await keysIn(world)).toEqual(keys);
  await world.rows('delete from task_taskcompletionimage');
  await expect(reconcile(inHours(world, 25))).rejects.toThrow('Is it the bucket of this database?');
  expect(await reconcile(inHours(world, 25), { force: true })).toMatchObject({ ...NOTHING, orphans: 1 });
  expect(await reconcile(inHours(world, 25))).toMatchObject({ ...NOTHING, keys: 0 });
});

test('each night once, by the origin, and again if storage is away', async ({ world }) => {
  await storageOf(world);
  await world.tick('25 5 * * *');
  await world.tick('25 5 * * *');
  const events = await world.rows(`select id::int, queue from outbox where event = '{"type":"storage.review_due"}'`);
  expect(events).toEqual([{ id: expect.any(Number), queue: 'long' }]);
  const [{ id }] = events;
  const away = { files: b2Files(bucketAt('http://127.0.0.1:1', { ask_ms: 200 })) };
  await consumed(world, [id], { worker: away });
  expect(await statesOf(world, [id])).toMatchObject([{ state: 'later' }]);
  await world.rows('update outbox set run_at = now()');
  await consumed(world, [id]);
  expect(await statesOf(world, [id])).toMatchObject([{ state: 'done' }]);
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'storage.reconciled', ...NOTHING }));
});

import sharp from 'sharp';
import { expect } from 'vitest';
import { samplePhoto } from '../../dev/sample-files.ts';
import { ORIGIN_QUEUES, QUEUE_OF } from '../../domain/event.ts';
import { fileWork } from '../../origin/files/work.ts';
import { consumed, statesOf } from '../consumer.ts';
import { heic, toldBy } from '../files/photos.ts';
import { test } from '../home.ts';
import { longDue, paperOf, workOff } from './long.ts';
import { keysIn, readBytes, storageOf, upload } from './storage.ts';

const DONE_AT = '2026-03-07T08:00:00Z';

test('a photo is seen by others once nobody can tell from it where it was taken', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id, { frequency_id: 5 });
  const bytes = await samplePhoto({ width: 1600, height: 1200, orientation: 6, from: '#ff0000', to: '#0000ff' });
  const { upload_id, object_key } = await upload(world, owner, bytes, { content_type: 'image/jpeg' });
  const input = { task_id, completed_at: DONE_AT, upload_ids: [upload_id] };
  const { body } = await world.send('POST', '/api/task-completions/', owner, input);
  const [{ id, url, thumbnail_url }] = body.data.images;
  expect(thumbnail_url).toBeNull();
  expect(toldBy(bytes)).toMatchObject({ place: expect.anything(), orientation: 6, make: 'Honey' });
  expect((await readBytes(world, url, owner)).bytes).toEqual(bytes);
  expect((await readBytes(world, url, viewer)).status).toBe(404);
  const { next_cursor } = (await world.send('GET', '/api/changes/', viewer)).body;

  await workOff(world);

  const told = await world.send('GET', `/api/changes/?since=${next_cursor}`, viewer);
  expect(told.body.results).toMatchObject([{ type: 'completion', action: 'updated', id: body.data.id }]);
  const [image] = told.body.results[0].data.images;
  const read = await readBytes(world, image.url, viewer);
  expect(read.status).toBe(200);
  expect(toldBy(read.bytes)).toMatchObject({ place: undefined, orientation: 6, make: undefined });
  expect(await colourAt(read.bytes, 0.9, 0.1)).toBe('red');

  for (const [variant, width, height] of [
    ['thumbnail', 240, 320],
    ['medium', 960, 1280],
  ] as const) {
    const smaller = await readBytes(world, `/api/media/completion-image/${id}/?variant=${variant}`, viewer);
    expect(smaller.headers.get('content-type')).toBe('image/jpeg');
    const { exif, icc, xmp, orientation, ...size } = await sharp(smaller.bytes).metadata();
    expect([size.width, size.height, exif, icc, xmp, orientation]).toEqual([
      width,
      height,
      ...Array(4).fill(undefined),
    ]);
    expect(await colourAt(smaller.bytes, 0.9, 0.1)).toBe('red');
    expect(await colourAt(smaller.bytes, 0.1, 0.9)).toBe('blue');
  }
  expect((await readBytes(world, image.thumbnail_url, viewer)).headers.get('cache-control')).toContain('immutable');

  const discarded = await world.rows(
    `select id::int, queue from outbox where event->>'type' = 'file.discarded' and event->>'object_key' = $1`,
    [object_key],
  );
  expect(discarded).toMatchObject([{ queue: 'maintenance' }]);
  expect(await keysIn(world)).toContain(object_key);
  await consumed(world, [discarded[0].id]);
  expect(await keysIn(world)).not.toContain(object_key);
  const trace = await world.rows(
    `select actor_type, action from audit_log where target_type = 'completion_image' and target_id = $1 order by id`,
    [id],
  );
  expect(trace).toEqual([
    { actor_type: 'user', action: 'created' },
    { actor_type: 'system', action: 'updated' },
  ]);
});

test('PNG, WebP and HEIC get smaller pictures too, and a second run changes nothing', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  const heif = new Uint8Array(heic());
  const { id } = await paperOf(world, owner, residence_id, [
    { bytes: await samplePhoto({ width: 400, height: 100, format: 'png' }), content_type: 'image/png' },
    { bytes: await samplePhoto({ width: 400, height: 900, format: 'webp' }), content_type: 'image/webp' },
    { bytes: heif, content_type: 'image/heic', filename: 'IMG_1.HEIC' },
  ]);
  const events = await longDue(world);
  await workOff(world);
  const { body } = await world.send('GET', `/api/documents/${id}/`, member);
  const sizes = [];
  for (const { url, thumbnail_url, text_status } of body.files) {
    expect(text_status).toBe('none');
    expect(toldBy((await readBytes(world, url, member)).bytes).place).toBeUndefined();
    const { width, height } = await sharp((await readBytes(world, thumbnail_url, member)).bytes).metadata();
    sizes.push([width, height]);
  }
  expect(sizes).toEqual([
    [320, 80],
    [142, 320],
    [96, 64],
  ]);
  const before = await keysIn(world);
  await world.rows('update outbox set done_at = null where id = any ($1)', [events]);
  await workOff(world);
  expect(await keysIn(world)).toEqual(before);
  expect((await world.send('GET', `/api/documents/${id}/`, member)).body).toEqual(body);
});

test('what is wrong with a file is told in its row, and only its uploader keeps it', async ({ world }) => {
  const { owner, member, residence_id } = await world.home();
  await storageOf(world);
  const photo = await samplePhoto({ width: 40, height: 30 });
  const png = await samplePhoto({ width: 40, height: 30, format: 'png' });
  const bomb = png.slice();
  new DataView(bomb.buffer).setUint32(16, 65_000);
  const halved = png.slice(0, png.length - 40);
  const { id } = await paperOf(world, owner, residence_id, []);
  const cases = [
    { bytes: photo, sha256: '0'.repeat(64), fault: 'sha256_mismatch' },
    { bytes: bomb, content_type: 'image/png', fault: 'image_too_large' },
    { bytes: photo, size: 9, fault: 'file_size_mismatch' },
    { bytes: photo, content_type: 'image/png', fault: 'file_type_mismatch' },
    { bytes: halved, content_type: 'image/png', fault: 'file_damaged' },
    { bytes: photo, object_key: 'document/nowhere', fault: 'missing' },
    { bytes: new Uint8Array(0), size: 0, fault: 'file_empty' },
  ];
  const made = [];
  for (const [n, { bytes, fault, ...more }] of cases.entries()) {
    const key = `document/case-${n}`;
    const { version } = await world.ports.files.put(key, bytes, { content_type: 'image/jpeg' });
    const row = { object_key: key, content_type: 'image/jpeg', size: bytes.length, sha256: null, ...more };
    const [{ file_id }] = await world.rows(
      `insert into task_documentimage (document_id, residence_id, object_key, version_id, content_type, size, sha256, uploaded_by_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning id::int as file_id`,
      [id, residence_id, row.object_key, version, row.content_type, row.size, row.sha256, owner.user_id],
    );
    made.push({ file_id, fault });
  }
  const before = await keysIn(world);
  const events = await longDue(world);
  await workOff(world);
  expect(new Set((await statesOf(world, events)).map(({ state }) => state))).toEqual(new Set(['done']));
  const rows = await world.rows(
    'select id::int as file_id, prepare_error as fault, prepared_at from task_documentimage where document_id = $1 order by id',
    [id],
  );
  expect(rows).toEqual(made.map((one) => ({ ...one, prepared_at: null })));
  expect(await keysIn(world)).toEqual(before);
  const [first] = made;
  const url = `/api/media/document-file/${first?.file_id}/`;
  expect((await readBytes(world, url, owner)).status).toBe(200);
  expect((await readBytes(world, url, member)).status).toBe(404);
});

test('whoever comes second takes what it has stored away again', async ({ world }) => {
  const { owner, residence_id } = await world.home();
  const { files } = await paperOf(world, owner, residence_id, [
    { bytes: await samplePhoto({ width: 40, height: 30 }), content_type: 'image/jpeg' },
  ]);
  const before = await keysIn(world);
  const work = fileWork();
  await workOff(world, {
    fileWork: {
      ...work,
      async prepare(...given) {
        await world.rows('delete from task_documentimage where id = $1', [files[0].id]);
        return await work.prepare(...given);
      },
    },
  });
  const made = (await keysIn(world)).filter((key) => !before.includes(key));
  expect(made).toHaveLength(3);
  const discarded = await world.rows(
    `select event->>'object_key' as key from outbox where event->>'type' = 'file.discarded' and event->>'object_key' = any ($1) order by 1`,
    [made],
  );
  expect(discarded.map(({ key }) => key)).toEqual(made);
});

test('it is work of the origin alone: elsewhere it waits', async ({ world }) => {
  expect(ORIGIN_QUEUES).toContain(QUEUE_OF['file.added']);
  expect(ORIGIN_QUEUES).toContain(QUEUE_OF['text.requested']);
  const { owner, residence_id } = await world.home();
  await paperOf(world, owner, residence_id, [{ bytes: await samplePhoto(), content_type: 'image/jpeg' }]);
  const due = await longDue(world);
  await consumed(world, due);
  expect(await statesOf(world, due)).toMatchObject([
    { state: 'later', error: expect.stringContaining('origin alone') },
  ]);
});

/** Of the picture as a viewer turns it, at a part of its width and height. */
async function colourAt(bytes: Uint8Array, x: number, y: number): Promise<'red' | 'blue' | 'other'> {
  const { data, info } = await sharp(bytes).autoOrient().raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  const [red = 0, , blue = 0] = data.subarray(at, at + 3);
  if (red > 200 && blue < 60) return 'red';
  return blue > 200 && red < 60 ? 'blue' : 'other';
}

import { expect } from 'vitest';
import { test } from '../home.ts';
import { sha256 } from '../s3/local.ts';
import { photoOf, picture, prepare, readBytes, storageOf } from './storage.ts';

test('a photo is its home’s once it is prepared, and nobody else’s', async ({ world }) => {
  const { owner, member, viewer, stranger, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const { image_id, url, bytes, completion_id } = await photoOf(world, member, task_id);
  const readers = { owner, member, viewer, stranger };
  const statuses = async (path: string) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(readers).map(async ([role, by]) => [role, (await readBytes(world, path, by)).status]),
      ),
    );
  expect(await statuses(url)).toEqual({ owner: 404, member: 200, viewer: 404, stranger: 404 });
  expect(await statuses(`${url}?redirect=true`)).toEqual({ owner: 404, member: 302, viewer: 404, stranger: 404 });

  const hash = sha256(bytes);
  await prepare(world, image_id, hash);
  expect(await statuses(url)).toEqual({ owner: 200, member: 200, viewer: 200, stranger: 404 });
  const { body } = await world.send('GET', `/api/task-completions/${completion_id}/`, viewer);
  expect(body.images).toEqual([
    { id: image_id, url: `${url}?v=${hash.slice(0, 8)}`, thumbnail_url: null, caption: null, fault: null },
  ]);

  await world.rows('delete from residence_residence_users where user_id = $1', [member.user_id]);
  expect((await readBytes(world, url, member)).status).toBe(404);
  await world.send('DELETE', `/api/residences/${residence_id}/`, owner);
  expect((await readBytes(world, url, owner)).status).toBe(404);
});

test('bytes, ranges, and what the caller has', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const { image_id, url, bytes } = await photoOf(world, owner, task_id);
  const hash = sha256(bytes);
  const etag = `"${hash.slice(0, 32)}"`;
  await prepare(world, image_id, hash);
  await world.rows('update task_taskcompletionimage set filename = $1', ['../über\r\n"mich".png']);
  const read = (headers = {}, path = url) => readBytes(world, path, viewer, headers);

  const before = world.trips.length;
  const whole = await read();
  expect(world.trips.length - before).toBe(1);
  expect([whole.status, sha256(whole.bytes)]).toEqual([200, hash]);
  const told = Object.fromEntries(whole.headers);
  expect(told).toMatchObject({
    etag,
    'content-type': 'image/png',
    'content-length': '2000',
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringMatching(/default-src 'none'.*; sandbox$/),
    'content-disposition': `inline; filename="?ber_mich_.png"; filename*=UTF-8''%C3%BCber_mich_.png`,
  });
  const forever = await read({}, `${url}?v=${hash.slice(0, 8)}`);
  expect(forever.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  expect((await read({}, `${url}?v=00000000`)).headers.get('cache-control')).toBe('private, no-cache');

  const modified = told['last-modified'] ?? '';
  const long_ago = 'Sat, 07 Mar 2020 15:00:00 GMT';
  const parts: [Record<string, string>, number, string | null, Uint8Array | null][] = [
    [{ range: 'bytes=10-19' }, 206, 'bytes 10-19/2000', bytes.subarray(10, 20)],
    [{ range: 'bytes=-5' }, 206, 'bytes 1995-1999/2000', bytes.subarray(1995)],
    [{ range: 'bytes=1990-' }, 206, 'bytes 1990-1999/2000', bytes.subarray(1990)],
    [{ range: 'bytes=0-1,5-6' }, 200, null, bytes],
    [{ range: 'lines=1-2' }, 200, null, bytes],
    [{ range: 'bytes=10-19', 'if-range': etag }, 206, 'bytes 10-19/2000', bytes.subarray(10, 20)],
    [{ range: 'bytes=10-19', 'if-range': modified }, 206, 'bytes 10-19/2000', bytes.subarray(10, 20)],
    [{ range: 'bytes=10-19', 'if-range': `W/${etag}` }, 200, null, bytes],
    [{ range: 'bytes=10-19', 'if-range': '"other"' }, 200, null, bytes],
    [{ range: 'bytes=10-19', 'if-range': long_ago }, 200, null, bytes],
    [{ 'if-none-match': `"x", W/${etag}` }, 304, null, new Uint8Array()],
    [{ 'if-none-match': '*' }, 304, null, new Uint8Array()],
    [{ 'if-modified-since': modified }, 304, null, new Uint8Array()],
    [{ 'if-modified-since': modified, 'if-none-match': '"x"' }, 200, null, bytes],
    [{ 'if-modified-since': long_ago }, 200, null, bytes],
    [{ 'if-modified-since': 'soon' }, 200, null, bytes],
    [{ range: 'bytes=2000-' }, 416, 'bytes */2000', null],
  ];
  for (const [headers, status, content_range, expected] of parts) {
    const got = await read(headers);
    expect([got.status, got.headers.get('content-range')], JSON.stringify(headers)).toEqual([status, content_range]);
    if (expected) expect(got.bytes.length === expected.length && sha256(got.bytes)).toBe(sha256(expected));
    if (status === 206) expect(got.headers.get('content-length')).toBe(String(expected?.length));
    if (status === 304) expect([got.headers.get('etag'), got.headers.get('last-modified')]).toEqual([etag, modified]);
  }
  const refused = await world.send('GET', url, viewer, undefined, { headers: { range: 'bytes=9999-' } });
  expect([refused.body.code, refused.headers.get('content-type')]).toEqual([
    'range_not_satisfiable',
    'application/problem+json',
  ]);

  const head = await world.send('HEAD', url, viewer, undefined, { headers: { range: 'bytes=0-1' } });
  expect([head.status, head.text, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([
    200,
    '',
    '2000',
    etag,
  ]);
  const nobody = await world.send('GET', url, null);
  expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Token']);
  for (const path of ['/api/media/completion-image/999999/', '/api/media/audit/1/', url.replace('image', 'images')]) {
    expect((await read({}, path)).status, path).toBe(404);
  }
  expect((await read({}, `${url}?variant=huge`)).status).toBe(400);
});

test('a smaller picture, a paper, and a link to storage', async ({ world }) => {
  const { owner, viewer, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const { image_id, url, bytes, completion_id } = await photoOf(world, owner, task_id);
  await prepare(world, image_id, sha256(bytes));
  const { files } = world.ports;
  const small = picture(300);
  const { version } = await files.put('variant/1', small, { content_type: 'image/webp' });
  await world.rows(
    `insert into storage_variant (source_key, kind, object_key, version_id, content_type, size, sha256, width, height)
     select object_key, 'thumbnail', 'variant/1', $1, 'image/webp', 300, $2, 1, 1 from task_taskcompletionimage`,
    [version, sha256(small)],
  );
  const { body } = await world.send('GET', `/api/task-completions/${completion_id}/`, viewer);
  const { thumbnail_url } = body.images[0];
  expect(thumbnail_url).toBe(`${url}?variant=thumbnail&v=${sha256(small).slice(0, 8)}`);
  const thumbnail = await readBytes(world, thumbnail_url, viewer);
  expect([thumbnail.status, sha256(thumbnail.bytes)]).toEqual([200, sha256(small)]);
  expect(Object.fromEntries(thumbnail.headers)).toMatchObject({
    'content-type': 'image/webp',
    'cache-control': 'private, max-age=31536000, immutable',
    etag: `"${sha256(small).slice(0, 32)}"`,
  });
  expect((await readBytes(world, `${url}?variant=medium`, viewer)).status).toBe(404);

  const link = await readBytes(world, `${url}?redirect=true`, viewer);
  expect([link.status, link.headers.get('cache-control')]).toEqual([302, 'private, no-store']);
  const got = await fetch(link.headers.get('location') ?? '');
  expect(sha256(new Uint8Array(await got.arrayBuffer()))).toBe(sha256(bytes));
  expect(got.headers.get('content-disposition')).toMatch(/^inline; filename=/);

  // What a browser would run or guess at is saved, and not shown.
  const text = await files.put('document/1', new TextEncoder().encode('a,b'), { content_type: 'text/csv' });
  const [document] = await world.rows(
    `insert into task_document (residence_id, title, document_type) values ($1, 'List', 'other') returning id`,
    [residence_id],
  );
  const [file] = await world.rows(
    `insert into task_documentimage (document_id, residence_id, object_key, version_id, content_type, size, sha256, prepared_at)
     values ($1, $2, 'document/1', $3, 'text/csv', 3, $4, now()) returning id`,
    [document.id, residence_id, text.version, text.sha256],
  );
  const paper = await world.send('GET', `/api/media/document-file/${file.id}/`, viewer);
  expect([paper.text, paper.headers.get('content-type'), paper.headers.get('content-disposition')]).toEqual([
    'a,b',
    'text/csv; charset=utf-8',
    `attachment; filename=document-file-${file.id}`,
  ]);
});

test('a row whose object is gone leads nowhere, and is noted', async ({ world }) => {
  await storageOf(world);
  const { owner, residence_id } = await world.home();
  const { id: task_id } = await world.task(owner, residence_id);
  const { url } = await photoOf(world, owner, task_id);
  const [{ object_key, version_id }] = await world.rows('select object_key, version_id from task_taskcompletionimage');
  await world.ports.files.delete(object_key);
  expect((await world.send('GET', url, owner)).status).toBe(404);
  expect(world.logged).toContainEqual(expect.objectContaining({ event: 'storage.missing', object_key, version_id }));
});

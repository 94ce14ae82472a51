import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUCKET, element, elements, md5, refusal, startLocal } from './local.ts';

const MIB = 1024 ** 2;

async function startUpload(path = '/big', init: RequestInit = {}) {
  const local = await startLocal();
  const created = await local.send(`${path}?uploads`, { method: 'POST', ...init });
  const id = element(await created.text(), 'UploadId') ?? '';
  const at = `${path}?uploadId=${id}`;
  return {
    ...local,
    id,
    at,
    part: (number: number | string, body: NonNullable<RequestInit['body']>, headers = {}) =>
      local.send(`${at}&partNumber=${number}`, { method: 'PUT', body, headers }),
    complete: (parts: [number: number, etag: string | undefined][]) => {
      const listed = parts.map(
        ([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
      );
      const body = `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`;
      return local.send(at, { method: 'POST', body });
    },
  };
}

test('parts become one object', async () => {
  const { send, part, complete, at, folder, id } = await startUpload('/big', {
    headers: { 'content-type': 'video/mp4' },
  });
  const bodies = [randomBytes(5 * MIB), randomBytes(5 * MIB + 1), randomBytes(10)];
  await part(2, randomBytes(100));
  // In any order, and the second is sent again.
  for (const number of [3, 2, 1]) await part(number, bodies[number - 1] ?? '');
  const listed = await (await send(at)).text();
  expect(elements(listed, 'PartNumber')).toEqual(['1', '2', '3']);
  const etags = elements(listed, 'ETag');
  expect(etags).toEqual(bodies.map((body) => `&quot;${md5(body)}&quot;`));

  const uploads = join(folder, 'buckets', BUCKET, 'uploads');
  expect(readdirSync(join(uploads, id))).toHaveLength(1 + 2 * 3);

  const done = await complete([1, 2, 3].map((number) => [number, etags[number - 1]]));
  const digests = Buffer.concat(bodies.map((body) => createHash('md5').update(body).digest()));
  expect(element(await done.text(), 'ETag')).toBe(`&quot;${md5(digests)}-3&quot;`);
  const got = await send('/big');
  expect(got.headers.get('x-amz-version-id')).toBe(done.headers.get('x-amz-version-id'));
  expect(got.headers.get('content-type')).toBe('video/mp4');
  expect(md5(new Uint8Array(await got.arrayBuffer()))).toBe(md5(Buffer.concat(bodies)));
  expect(await refusal(await send(at))).toBe('404 NoSuchUpload');
  expect(readdirSync(uploads)).toEqual([]);
  expect(elements(await (await send('?uploads')).text(), 'UploadId')).toEqual([]);
});

test('parts must be there, in order, big enough and the ones that were sent', async () => {
  const { send, part, complete } = await startUpload();
  const big = randomBytes(5 * MIB);
  await part(1, 'small');
  await part(2, big);
  const [one, two] = [md5('small'), md5(big)];
  expect(
    await refusal(
      await complete([
        [1, one],
        [2, two],
      ]),
    ),
  ).toBe('400 EntityTooSmall');
  expect(
    await refusal(
      await complete([
        [2, two],
        [1, one],
      ]),
    ),
  ).toBe('400 InvalidPartOrder');
  expect(
    await refusal(
      await complete([
        [1, one],
        [1, one],
      ]),
    ),
  ).toBe('400 InvalidPartOrder');
  expect(await refusal(await complete([[1, two]]))).toBe('400 InvalidPart');
  expect(
    await refusal(
      await complete([
        [1, one],
        [3, one],
      ]),
    ),
  ).toBe('400 InvalidPart');
  expect(await refusal(await complete([]))).toBe('400 MalformedXML');
  for (const number of [0, 10_001, 'one', '']) {
    expect(await refusal(await part(number, 'x'))).toBe('400 InvalidArgument');
  }
  expect(await refusal(await part(4, 'x', { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' }))).toBe('400 BadDigest');
  expect(await refusal(await part(4, 'x', { 'x-amz-checksum-crc32': 'AAAAAA==' }))).toBe('400 InvalidArgument');
  expect(await refusal(await send('/big'))).toBe('404 NoSuchKey');
  expect((await complete([[2, `"${two}"`]])).status).toBe(200);
});

test('an upload belongs to its key and can be given up', async () => {
  const { send, part, at, id, complete, at: here } = await startUpload();
  await part(1, 'x');
  expect(await refusal(await send(`/other?uploadId=${id}`))).toBe('404 NoSuchUpload');
  expect(await refusal(await send('/big?uploadId=../..'))).toBe('404 NoSuchUpload');
  expect((await send(at, { method: 'DELETE' })).status).toBe(204);
  expect(await refusal(await send(here, { method: 'DELETE' }))).toBe('404 NoSuchUpload');
  expect(await refusal(await part(2, 'x'))).toBe('404 NoSuchUpload');
  expect(await refusal(await complete([[1, md5('x')]]))).toBe('404 NoSuchUpload');
});

test('uploads and parts are listed page by page', async () => {
  const { send, part, at, id } = await startUpload();
  for (const path of ['/a/1', '/a/2', '/b', '/big']) await send(`${path}?uploads`, { method: 'POST' });
  const seen: unknown[] = [];
  for (let marker = {}, more = true; more; ) {
    const query = new URLSearchParams({ uploads: '', delimiter: '/', 'max-uploads': '1', ...marker });
    const page = await (await send(`?${query}`)).text();
    seen.push(...elements(page, 'Key'), ...elements(page, 'Prefix').slice(1));
    const [key = '', uploadId] = [element(page, 'NextKeyMarker'), element(page, 'NextUploadIdMarker')];
    marker = { 'key-marker': key, ...(uploadId && { 'upload-id-marker': uploadId }) };
    more = element(page, 'IsTruncated') === 'true';
  }
  expect(seen).toEqual(['a/', 'b', 'big', 'big']);
  expect(elements(await (await send('?uploads&prefix=big')).text(), 'UploadId')).toContain(id);

  for (const number of [1, 2, 10]) await part(number, 'x');
  const first = await (await send(`${at}&max-parts=2`)).text();
  expect([elements(first, 'PartNumber'), element(first, 'NextPartNumberMarker')]).toEqual([['1', '2'], '2']);
  const rest = await (await send(`${at}&part-number-marker=2`)).text();
  expect([elements(rest, 'PartNumber'), element(rest, 'IsTruncated')]).toEqual([['10'], 'false']);
});

test('completing and sending parts at once leaves one whole object or a refusal', async () => {
  const { send, part, complete } = await startUpload();
  await part(1, 'one');
  const answers = await Promise.all([
    complete([[1, md5('one')]]),
    part(1, 'two'),
    complete([[1, md5('one')]]),
    complete([[1, md5('two')]]),
  ]);
  const completed = answers.filter((answer, index) => index !== 1 && answer.status === 200);
  expect(completed).toHaveLength(1);
  expect(['one', 'two']).toContain(await (await send('/big')).text());
});

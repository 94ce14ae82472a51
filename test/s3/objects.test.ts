import { expect, test } from 'vitest';
import { BUCKET, contentMd5, element, md5, refusal, startLocal } from './local.ts';

test('an object comes back with what it was sent with', async () => {
  const { send } = await startLocal();
  const headers = {
    'content-type': 'image/webp',
    'content-disposition': 'inline',
    'cache-control': 'private, max-age=60',
    'x-amz-meta-sha256': 'abc',
    'content-md5': contentMd5('honey'),
  };
  const put = await send('/a', { method: 'PUT', body: 'honey', headers });
  expect(put.status).toBe(200);
  expect(put.headers.get('etag')).toBe(`"${md5('honey')}"`);
  for (const method of ['GET', 'HEAD']) {
    const got = await send('/a', { method });
    expect(await got.text()).toBe(method === 'GET' ? 'honey' : '');
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-disposition': 'inline',
      'cache-control': 'private, max-age=60',
      'content-length': '5',
      'accept-ranges': 'bytes',
      'x-amz-meta-sha256': 'abc',
      'x-amz-version-id': put.headers.get('x-amz-version-id'),
      etag: `"${md5('honey')}"`,
    });
  }
  expect((await send('/b', { method: 'PUT', body: new Uint8Array() })).status).toBe(200);
  const empty = await send('/b');
  expect([empty.status, empty.headers.get('content-length'), await empty.text()]).toEqual([200, '0', '']);
  expect(empty.headers.get('content-type')).toBe('application/octet-stream');
});

test('a range is a part of the body', async () => {
  const { send } = await startLocal();
  await send('/a', { method: 'PUT', body: '0123456789' });
  const ask = async (range: string, more: Record<string, string> = {}, method = 'GET') => {
    const got = await send('/a', { method, headers: { range, ...more } });
    return [got.status, got.headers.get('content-range'), got.headers.get('content-length'), await got.text()];
  };
  expect(await ask('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '3', '234']);
  expect(await ask('bytes=8-')).toEqual([206, 'bytes 8-9/10', '2', '89']);
  expect(await ask('bytes=-3')).toEqual([206, 'bytes 7-9/10', '3', '789']);
  expect(await ask('bytes=-30')).toEqual([206, 'bytes 0-9/10', '10', '0123456789']);
  expect(await ask('bytes=5-500')).toEqual([206, 'bytes 5-9/10', '5', '56789']);
  expect(await ask('bytes=2-4', {}, 'HEAD')).toEqual([206, 'bytes 2-4/10', '3', '']);
  for (const ignored of ['bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'bytes=a-b']) {
    expect(await ask(ignored)).toEqual([200, null, '10', '0123456789']);
  }
  expect(await ask('bytes=2-4', { 'if-range': '"other"' })).toEqual([200, null, '10', '0123456789']);
  const beyond = await send('/a', { headers: { range: 'bytes=10-' } });
  expect(beyond.headers.get('content-range')).toBe('bytes */10');
  expect(await refusal(beyond)).toBe('416 InvalidRange');
  expect((await ask('bytes=-0'))[0]).toBe(416);
});

test('a read may depend on what the reader has', async () => {
  const { send } = await startLocal();
  const etag = (await send('/a', { method: 'PUT', body: 'honey' })).headers.get('etag') ?? '';
  const past = new Date(Date.now() - 3_600_000).toUTCString();
  const future = new Date(Date.now() + 3_600_000).toUTCString();
  const ask = async (headers: Record<string, string>, method = 'GET') => (await send('/a', { method, headers })).status;
  expect(await ask({ 'if-match': etag })).toBe(200);
  expect(await ask({ 'if-match': '*' })).toBe(200);
  expect(await ask({ 'if-match': '"x", "y"' })).toBe(412);
  expect(await ask({ 'if-match': '"x"' }, 'HEAD')).toBe(412);
  expect(await ask({ 'if-none-match': etag })).toBe(304);
  expect(await ask({ 'if-none-match': `W/${etag}` }, 'HEAD')).toBe(304);
  expect(await ask({ 'if-none-match': '"x"' })).toBe(200);
  expect(await ask({ 'if-modified-since': future })).toBe(304);
  expect(await ask({ 'if-modified-since': past })).toBe(200);
  expect(await ask({ 'if-unmodified-since': past })).toBe(412);
  expect(await ask({ 'if-unmodified-since': future })).toBe(200);
  expect(await ask({ 'if-match': etag, 'if-unmodified-since': past })).toBe(200);
  expect(await ask({ 'if-none-match': '"x"', 'if-modified-since': future })).toBe(200);
});

test('what B2 refuses is refused', async () => {
  const { send, presign } = await startLocal();
  const put = async (headers: Record<string, string>) => {
    const response = await send('/a', { method: 'PUT', body: 'honey', headers });
    const text = await response.text();
    return [response.status, element(text, 'Code'), element(text, 'Message')];
  };
  const unsupported = (name: string) => [
    400,
    'InvalidArgument',
    `Unsupported header '${name}' received for this API call.`,
  ];
  for (const name of [
    'x-amz-checksum-crc32',
    'x-amz-checksum-sha256',
    'x-amz-sdk-checksum-algorithm',
    'x-amz-tagging',
  ]) {
    expect(await put({ [name]: 'AAAAAA==' })).toEqual(unsupported(name));
  }
  const mode = await send('/a', { headers: { 'x-amz-checksum-mode': 'ENABLED' } });
  expect(element(await mode.text(), 'Message')).toContain("Unsupported header 'x-amz-checksum-mode'");
  const url = await presign('/a?x-amz-checksum-crc32=AAAAAA%3D%3D', { method: 'PUT' });
  expect(await refusal(await fetch(url, { method: 'PUT', body: 'x' }))).toBe('400 InvalidArgument');

  const absent = 'A header you provided implies functionality that is not implemented';
  expect(await put({ 'if-none-match': '*' })).toEqual([501, 'NotImplemented', absent]);
  expect(await put({ 'if-match': '"x"' })).toEqual([501, 'NotImplemented', absent]);
  expect(await put({ 'content-encoding': 'aws-chunked' })).toEqual([501, 'NotImplemented', absent]);
  expect((await put({ 'x-amz-acl': 'public-read' })).slice(0, 2)).toEqual([400, 'InvalidArgument']);
  expect((await put({ 'x-amz-storage-class': 'GLACIER' })).slice(0, 2)).toEqual([400, 'InvalidArgument']);
  expect((await put({ 'content-md5': 'short' })).slice(0, 2)).toEqual([400, 'InvalidDigest']);
  expect((await put({ 'content-md5': contentMd5('money') })).slice(0, 2)).toEqual([400, 'BadDigest']);
  expect((await put({ 'x-amz-meta-long': 'x'.repeat(2045) })).slice(0, 2)).toEqual([400, 'MetadataTooLarge']);
  expect(await refusal(await send('/a'))).toBe('404 NoSuchKey');
});

test('a key has at most 1024 bytes and no control characters', async () => {
  const { send } = await startLocal();
  const put = async (key: string) => await send(`/${key}`, { method: 'PUT', body: 'x' });
  expect((await put('x'.repeat(1024))).status).toBe(200);
  expect(await refusal(await put('x'.repeat(1025)))).toBe('400 KeyTooLongError');
  expect(await refusal(await put(encodeURIComponent('ü'.repeat(513))))).toBe('400 KeyTooLongError');
  expect(await refusal(await put('a%0Ab'))).toBe('400 InvalidArgument');
  expect(await refusal(await put('%00'))).toBe('400 InvalidArgument');
});

test('an error names itself in XML, and a HEAD bears none', async () => {
  const { send, url, aws } = await startLocal();
  const missing = await send('/a<b>&');
  const text = await missing.text();
  expect(missing.headers.get('content-type')).toBe('application/xml');
  expect(element(text, 'Resource')).toBe(`/${BUCKET}/a%3Cb%3E&amp;`);
  expect(element(text, 'RequestId')).toBe(missing.headers.get('x-amz-request-id'));
  const silent = await send('/a', { method: 'HEAD' });
  expect([silent.status, await silent.text()]).toEqual([404, '']);
  expect(await refusal(await aws.fetch(`${url}/no-such-bucket/a`))).toBe('404 NoSuchBucket');
  expect(await refusal(await send('/a', { method: 'PATCH', body: 'x' }))).toBe('405 MethodNotAllowed');
  expect(await refusal(await send('/a?tagging'))).toBe('501 NotImplemented');
  expect(await refusal(await send('/a?uploads&uploadId=1'))).toBe('501 NotImplemented');
  expect(await refusal(await send('/a?partNumber=1'))).toBe('501 NotImplemented');
});

test('an object can be copied, with its headers or with others', async () => {
  const { send } = await startLocal();
  const put = await send('/a b', { method: 'PUT', body: 'old', headers: { 'content-type': 'text/plain' } });
  const old = put.headers.get('x-amz-version-id');
  await send('/a b', { method: 'PUT', body: 'new', headers: { 'content-type': 'text/css' } });
  const copy = (to: string, from: string, more: Record<string, string> = {}) =>
    send(to, { method: 'PUT', headers: { 'x-amz-copy-source': `/${BUCKET}${from}`, ...more } });

  const copied = await copy('/b', '/a%20b');
  expect(element(await copied.text(), 'ETag')).toBe(`&quot;${md5('new')}&quot;`);
  expect(copied.headers.get('x-amz-version-id')).toMatch(/^4_z/);
  expect((await send('/b')).headers.get('content-type')).toBe('text/css');

  const restored = await copy('/a%20b', `/a%20b?versionId=${old}`);
  expect(restored.headers.get('x-amz-copy-source-version-id')).toBe(old);
  expect(await (await send('/a%20b')).text()).toBe('old');

  await copy('/b', '/b', { 'x-amz-metadata-directive': 'REPLACE', 'content-type': 'text/html' });
  expect((await send('/b')).headers.get('content-type')).toBe('text/html');
  expect(await refusal(await copy('/b', '/b'))).toBe('400 InvalidRequest');
  expect(await refusal(await copy('/b', '/none'))).toBe('404 NoSuchKey');
  expect(await refusal(await copy('/b', '/'))).toBe('400 InvalidArgument');
  expect(await refusal(await copy('/c', '/b', { 'x-amz-copy-source-if-match': '"x"' }))).toBe('412 PreconditionFailed');
});

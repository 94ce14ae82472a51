import { expect, test } from 'vitest';
import { applyCors } from '../../adapters/files/cors.ts';
import { applyLifecycle } from '../../adapters/files/lifecycle.ts';
import { b2Files } from '../../adapters/files.ts';
import { keyFor } from '../../domain/file.ts';
import { startServer } from '../adapters/local-server.ts';
import { contentMd5, element, elements, startLocal } from '../s3/local.ts';
import { filesContract } from './contract.ts';
import { startWorkerd } from './in-workerd.ts';
import { bucketAt } from './storage.ts';

filesContract('B2 on Node', async () => ({ b2Files, stop: async () => {} }));
filesContract('B2 on workerd', startWorkerd);

test('the region is the one that the host names', () => {
  const endpoint = 'https://s3.us-west-004.backblazeb2.com';
  expect(() => b2Files(bucketAt(endpoint))).toThrow('not in the region us-east-005');
  expect(() => b2Files(bucketAt(endpoint, { region: 'us-west-004' }))).not.toThrow();
});

test('a presigned URL does not outlive five minutes', async () => {
  const files = b2Files(bucketAt('http://127.0.0.1:1'));
  const put = { key: keyFor('document'), content_type: 'image/png', content_length: 1 };
  for (const expires_s of [0, 301, 1.5, Number.NaN]) {
    await expect(files.presignPut({ ...put, expires_s })).rejects.toThrow('1 to 300 seconds');
  }
  const { url } = await files.presignPut({ ...put, expires_s: 300 });
  expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host');
});

test('a key leads nowhere else', async () => {
  const files = b2Files(bucketAt('http://127.0.0.1:1'));
  await expect(files.delete('a/../b', 'v')).rejects.toThrow('no URL can name');
  for (const id of ['../x', 'A', 'ä', '', 'a/b', 'x'.repeat(65)]) expect(() => keyFor('document', id)).toThrow();
  expect(keyFor('document', '17-a')).toBe('document/17-a');
  expect(keyFor('document')).toMatch(/^document\/[0-9a-f-]{36}$/);
  expect(keyFor('document')).not.toBe(keyFor('document'));
});

test('the bucket tidies up after itself', async () => {
  const local = await startLocal();
  await applyLifecycle(bucketAt(local.url));
  const rules = await (await local.send('?lifecycle')).text();
  expect(element(rules, 'Prefix')).toBe('');
  expect(element(rules, 'NoncurrentDays')).toBe('1');
  expect(element(rules, 'DaysAfterInitiation')).toBe('1');
});

test('pages of our origins may put files there', async () => {
  const server = await startServer(() => ({}));
  await applyCors(bucketAt(server.url), ['https://honeydue.app', 'https://a.example/?x=1&y="2"']);
  await server.close();
  const [{ method, path, headers, body } = { method: '', path: '', headers: {}, body: '' }] = server.asked;
  expect([method, path, headers['content-md5']]).toEqual(['PUT', '/home-files?cors=', contentMd5(body)]);
  expect(headers.authorization).toContain('SignedHeaders=content-md5;host;');
  expect(elements(body, 'AllowedOrigin')).toEqual(['https://honeydue.app', 'https://a.example/?x=1&#38;y=&#34;2&#34;']);
  expect(elements(body, 'AllowedMethod')).toEqual(['PUT', 'GET', 'HEAD']);
});

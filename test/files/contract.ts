import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PART_BYTES as PART } from '../../adapters/files/parts.ts';
import { AppError } from '../../domain/errors.ts';
import { type Files, keyFor } from '../../domain/file.ts';
import { contentMd5, refusal, sha256, startLocal } from '../s3/local.ts';
import { type Bucket, brokenAfter, bucketAt, inPieces, randomBytes, read } from './storage.ts';

const TEXT = { content_type: 'text/plain' };

export type Runtime = { b2Files(bucket: Bucket): Files; stop(): Promise<void> };

/** What every implementation of the port must do, on a storage that works. */
export function filesContract(name: string, start: () => Promise<Runtime>): void {
  describe(name, () => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await start();
    });
    afterAll(() => runtime.stop());

    async function storage() {
      const local = await startLocal();
      const files = runtime.b2Files(bucketAt(local.url));
      const isEmpty = async () => {
        const { versions } = await files.listVersions('');
        const { uploads } = await files.listUploads('');
        return versions.length + uploads.length === 0;
      };
      return { local, files, isEmpty };
    }

    test.for([0, 1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 100])('keeps %d bytes', async (length) => {
      const { files } = await storage();
      const key = keyFor('document');
      const bytes = randomBytes(length);
      const written = await files.put(key, inPieces(bytes), { content_type: 'application/pdf' });
      const etag = expect.stringMatching(length > PART ? /^[0-9a-f]{32}-\d$/ : /^[0-9a-f]{32}$/);
      expect(written).toEqual({ size: length, etag, version: expect.any(String), sha256: sha256(bytes) });
      const { version } = written;
      const kept = length > PART ? null : sha256(bytes);
      const stored = { size: length, content_type: 'application/pdf', etag: written.etag, version, sha256: kept };
      expect(await files.head(key)).toEqual(stored);
      const got = await files.get(key, { version, size: length });
      expect(got).toMatchObject({ ...stored, status: 200, length, content_range: null });
      expect(sha256(await read(got?.body ?? null))).toBe(sha256(bytes));
      expect((await files.listUploads('')).uploads).toEqual([]);
      expect((await files.listVersions('')).versions).toHaveLength(1);
    });

    test('takes bytes in hand as well as a stream', async () => {
      const { files } = await storage();
      const bytes = randomBytes(PART + 5);
      expect(await files.put('document/1', bytes, TEXT)).toMatchObject({ size: PART + 5, sha256: sha256(bytes) });
      expect(await files.put('document/2', bytes.subarray(0, 9), TEXT)).toMatchObject({ size: 9 });
    });

    test('gives a range, and says when it is beyond the end', async () => {
      const { files } = await storage();
      await files.put('document/1', new TextEncoder().encode('0123456789'), TEXT);
      const part = async (range: string) => {
        const got = await files.get('document/1', { range });
        const { status, length, size, content_range } = got ?? {};
        return [status, length, size, content_range, new TextDecoder().decode(await read(got?.body ?? null))];
      };
      expect(await part('bytes=2-4')).toEqual([206, 3, 10, 'bytes 2-4/10', '234']);
      expect(await part('bytes=7-')).toEqual([206, 3, 10, 'bytes 7-9/10', '789']);
      expect(await part('bytes=-2')).toEqual([206, 2, 10, 'bytes 8-9/10', '89']);
      expect(await part('bytes=0-1,4-5')).toEqual([200, 10, 10, null, '0123456789']);
      expect(await part('lines=1-2')).toEqual([200, 10, 10, null, '0123456789']);
      expect(await part('bytes=10-')).toEqual([416, 0, 10, 'bytes */10', '']);
    });

    test('knows what is not there', async () => {
      const { files } = await storage();
      expect(await files.head('document/1')).toBeNull();
      expect(await files.get('document/1')).toBeNull();
      expect(await files.get('document/1', { range: 'bytes=5-' })).toBeNull();
      const { version } = await files.put('document/2', randomBytes(3), TEXT);
      await files.delete('document/2', version);
      expect(await files.head('document/2', version)).toBeNull();
      await files.delete('document/2', version);
      await files.delete('document/2');
      await files.abort('document/2', 'gone');
    });

    test('gives nothing of a file that is not as long as was stored', async () => {
      const { files } = await storage();
      await files.put('document/1', randomBytes(10), TEXT);
      await expect(files.get('document/1', { size: 11 })).rejects.toMatchObject({ code: 'storage_unavailable' });
      const got = files.get('document/1', { size: 11, range: 'bytes=0-3' });
      await expect(got).rejects.toMatchObject({ code: 'storage_unavailable' });
    });

    test.for([5, PART + 5, 2 * PART + 5])('leaves nothing of a body that breaks off after %d bytes', async (length) => {
      const { files, isEmpty } = await storage();
      const body = brokenAfter(randomBytes(length), new AppError('too_large', 'Too long.'));
      await expect(files.put('document/1', body, TEXT)).rejects.toThrow();
      await expect.poll(isEmpty).toBe(true);
    });

    test.for([
      [4, 5],
      [5, 4],
      [PART + 10, PART + 5],
      [PART + 10, PART + 20],
      [PART + 10, PART],
    ] as const)('refuses %d bytes that were said to be %d', async ([length, content_length]) => {
      const { files, isEmpty } = await storage();
      const body = inPieces(randomBytes(length));
      const putting = files.put('document/1', body, { content_type: 'image/png', content_length });
      await expect(putting).rejects.toMatchObject({ code: 'file_size_mismatch' });
      expect(await isEmpty()).toBe(true);
    });

    describe('a presigned PUT', () => {
      const body = 'A fine manual.';
      const headers = { 'content-type': 'text/plain', 'content-md5': contentMd5(body) };

      async function presign() {
        const { files, local } = await storage();
        const key = keyFor('completion');
        const signs = { key, content_type: 'text/plain', content_length: body.length, md5: contentMd5(body) };
        const put = await files.presignPut({ ...signs, sha256: sha256(body), expires_s: 60 });
        const send = (more: Record<string, string>, text = body) =>
          fetch(put.url, { method: put.method, headers: { ...put.headers, ...more }, body: text });
        return { files, local, key, put, send };
      }

      test('takes what was signed, and keeps the hash that was said', async () => {
        const { files, key, put, send } = await presign();
        const signed = { 'content-length': String(body.length), 'x-amz-meta-sha256': sha256(body) };
        expect(put.headers).toEqual({ ...headers, ...signed });
        expect((await send({})).status).toBe(200);
        expect(await files.head(key)).toMatchObject({ size: body.length, ...TEXT, sha256: sha256(body) });
      });

      test('takes nothing else', async () => {
        const { send, files, key } = await presign();
        const longer = `${body}!`;
        const denied = '403 SignatureDoesNotMatch';
        expect(await refusal(await send({ 'content-type': 'text/html' }))).toBe(denied);
        expect(await refusal(await send({ 'content-length': String(longer.length) }, longer))).toBe(denied);
        expect(await refusal(await send({ 'content-md5': contentMd5('B fine manual.') }, 'B fine manual.'))).toBe(
          denied,
        );
        expect(await refusal(await send({}, 'B fine manual.'))).toBe('400 BadDigest');
        expect(await refusal(await send({ 'x-amz-meta-sha256': sha256('B') }))).toBe(denied);
        expect(await files.head(key)).toBeNull();
      });
    });

    test('a presigned GET gives one version, under a name that is safe', async () => {
      const { files } = await storage();
      const { version } = await files.put('document/1', new TextEncoder().encode('first'), TEXT);
      await files.put('document/1', new TextEncoder().encode('second'), TEXT);
      const get = { key: 'document/1', version, disposition: 'attachment', expires_s: 60 } as const;
      const got = await fetch(await files.presignGet({ ...get, filename: '../Über "uns"\r\nX: 1.txt' }));
      expect(await got.text()).toBe('first');
      const header = got.headers.get('content-disposition');
      expect(header).toBe('attachment; filename="?ber _uns_X_ 1.txt"; filename*=UTF-8\'\'%C3%9Cber%20_uns_X_%201.txt');
      expect(got.headers.get('cache-control')).toBe('private, no-store');
    });

    test('lists versions by pages and takes all of a key away, but no other', async () => {
      const { files } = await storage();
      const keys = ['document/1', 'document/1/a', 'document/10', 'variant/1'];
      const [one = '', , ten = ''] = keys;
      for (const key of [...keys, one, one, one, ten]) await files.put(key, randomBytes(4), TEXT);
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<Files['listVersions']>> = await files.listVersions('document/', {
          cursor,
          limit: 3,
        });
        found.push(...page.versions.map(({ key, is_latest }) => `${key}${is_latest ? '!' : ''}`));
        cursor = page.next_cursor;
      } while (cursor);
      expect(found).toEqual([`${one}!`, one, one, one, `${keys[1]}!`, `${ten}!`, ten]);

      await files.delete(one);
      const { versions } = await files.listVersions('');
      expect(versions.map(({ key }) => key)).toEqual([keys[1], ten, ten, keys[3]]);
      const [first] = versions;
      const said = { size: 4, is_latest: true, is_delete_marker: false, last_modified: expect.stringMatching(/Z$/) };
      expect(first).toEqual({ key: keys[1], version: expect.any(String), ...said });
    });

    test('finds and removes what others have left there', async () => {
      const { files, local, isEmpty } = await storage();
      const key = "a b+c/über 100%&'(*)!<1>?#.txt";
      const path = `/${encodeURIComponent(key)}`;
      expect((await local.send(path, { method: 'PUT', body: 'x' })).status).toBe(200);
      expect((await local.send(path, { method: 'DELETE' })).status).toBe(204);
      await local.send(`${path}?uploads`, { method: 'POST' });
      await local.send('/b?uploads', { method: 'POST' });
      const { versions } = await files.listVersions('');
      expect(versions).toMatchObject([
        { key, size: 1, is_delete_marker: false },
        { key, is_delete_marker: true },
      ]);

      const first = await files.listUploads('', { limit: 1 });
      const rest = await files.listUploads('', { cursor: first.next_cursor, limit: 1 });
      expect([first, rest]).toMatchObject([{ uploads: [{ key }] }, { uploads: [{ key: 'b' }], next_cursor: null }]);
      for (const { key, upload_id } of [...first.uploads, ...rest.uploads]) await files.abort(key, upload_id);
      for (const { key, version } of versions) await files.delete(key, version);
      expect(await isEmpty()).toBe(true);
    });

    test('names its fault to the log, and to nobody else', async () => {
      const { local } = await storage();
      const files = runtime.b2Files(bucketAt(local.url, { secretAccessKey: 'another' }));
      const error = await files.listVersions('').catch((error: unknown) => error);
      if (!(error instanceof AppError)) throw error;
      expect(error).toMatchObject({ code: 'storage_unavailable', message: 'Files are out of reach.' });
      expect(String(error.cause)).toContain('403 SignatureDoesNotMatch');
    });
  });
}

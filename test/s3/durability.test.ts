import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { expect, onTestFinished, test } from 'vitest';
import { startS3 } from '../../dev/s3/server.ts';
import {
  BUCKET,
  element,
  elements,
  head,
  KEYS,
  md5,
  raw,
  refusal,
  speaker,
  startLocal,
  temporaryFolder,
} from './local.ts';

const MIB = 1024 ** 2;

/** A server in a process of its own. */
async function forkLocal(folder: string, port: number) {
  const script = fileURLToPath(new URL('server-for-kill.ts', import.meta.url));
  const args = [String(port), folder, KEYS.accessKeyId, KEYS.secretAccessKey, BUCKET];
  const child = fork(script, args, { execArgv: [], env: { NODE_NO_WARNINGS: '1' } });
  const ended = once(child, 'exit');
  // It must be gone before its folder goes.
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await once(child, 'message');
  return { child, ...speaker(`http://127.0.0.1:${port}`) };
}

const filesIn = (folder: string, ...parts: string[]) => readdirSync(join(folder, ...parts));

test('everything is there after a restart', async () => {
  const first = await startLocal();
  const old = (await first.send('/a', { method: 'PUT', body: 'old' })).headers.get('x-amz-version-id');
  await first.send('/a', { method: 'PUT', body: 'new', headers: { 'content-type': 'text/css' } });
  await first.send('/b', { method: 'PUT', body: 'b' });
  const marker = (await first.send('/b', { method: 'DELETE' })).headers.get('x-amz-version-id');
  const upload = element(await (await first.send('/c?uploads', { method: 'POST' })).text(), 'UploadId');
  await first.send(`/c?uploadId=${upload}&partNumber=1`, { method: 'PUT', body: 'part' });
  const before = await (await first.send('?versions')).text();
  await first.close();

  const { send } = await startLocal({ folder: first.folder });
  expect(await (await send('?versions')).text()).toBe(before);
  const got = await send('/a');
  expect([await got.text(), got.headers.get('content-type')]).toEqual(['new', 'text/css']);
  expect(await (await send(`/a?versionId=${old}`)).text()).toBe('old');
  expect((await send('/b')).status).toBe(404);
  await send(`/b?versionId=${marker}`, { method: 'DELETE' });
  expect(await (await send('/b')).text()).toBe('b');
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${md5('part')}</ETag></Part></CompleteMultipartUpload>`;
  expect((await send(`/c?uploadId=${upload}`, { method: 'POST', body })).status).toBe(200);
  expect(await (await send('/c')).text()).toBe('part');
});

test('what a killed process left half-made is cleared away', async () => {
  const { send, folder, close } = await startLocal();
  await send('/a', { method: 'PUT', body: 'a' });
  await close();
  const here = join(folder, 'buckets', BUCKET);
  writeFileSync(join(here, 'bodies', 'no-record'), 'x');
  writeFileSync(join(folder, 'temporary', 'half'), 'x');

  const again = await startLocal({ folder });
  expect(await (await again.send('/a')).text()).toBe('a');
  expect(filesIn(here, 'bodies')).toHaveLength(1);
  expect(filesIn(folder, 'temporary')).toEqual([]);
});

test('kill -9 under load loses no write that was answered and leaves no half', async () => {
  const folder = temporaryFolder();
  const port = await getPort();
  const { child, send } = await forkLocal(folder, port);
  const answered = new Map<string, string>();
  let isAlive = true;
  child.once('exit', () => {
    isAlive = false;
  });
  const write = async (writer: number) => {
    for (let n = 0; isAlive; n++) {
      const key = `${writer}/${n % 7}`;
      const body = `${key} ${n} `.repeat(500);
      try {
        const put = await send(`/${key}`, { method: 'PUT', body });
        if (put.status === 200) answered.set(`${key}?versionId=${put.headers.get('x-amz-version-id')}`, body);
      } catch (error) {
        if (isAlive && !(error instanceof TypeError)) throw error;
      }
      if (answered.size > 80) child.kill('SIGKILL');
    }
  };
  await Promise.all([0, 1, 2, 3, 4, 5].map(write));
  expect(answered.size).toBeGreaterThan(80);

  const local = await startLocal({ folder });
  for (const [path, body] of answered) expect(await (await local.send(`/${path}`)).text()).toBe(body);
  const versions = elements(await (await local.send('?versions')).text(), 'VersionId');
  expect(filesIn(folder, 'buckets', BUCKET, 'bodies').sort()).toEqual(versions.sort());
  expect((await local.send('/0/0', { method: 'PUT', body: 'on' })).status).toBe(200);
});

test('parallel writes of one key make a version each, and one is the newest', async () => {
  const { send, folder } = await startLocal();
  const bodies = Array.from({ length: 30 }, (_, n) => `body ${n}`);
  const puts = await Promise.all(bodies.map((body) => send('/a', { method: 'PUT', body })));
  const ids = new Map(puts.map((put, n) => [put.headers.get('x-amz-version-id'), bodies[n]]));
  expect(ids.size).toBe(30);
  const listed = elements(await (await send('?versions')).text(), 'VersionId');
  expect(listed).toHaveLength(30);
  // An id carries the order of its version in a fixed width.
  expect(listed).toEqual([...listed].sort().reverse());
  expect(await (await send('/a')).text()).toBe(ids.get(listed[0] ?? ''));
  await Promise.all([...ids.keys()].map((id) => send(`/a?versionId=${id}`, { method: 'DELETE' })));
  expect(await refusal(await send('/a'))).toBe('404 NoSuchKey');
  expect(filesIn(folder, 'buckets', BUCKET, 'bodies')).toEqual([]);
});

test('an object of 100 MB passes through little memory', async () => {
  const { child, presign } = await forkLocal(temporaryFolder(), await getPort());
  const chunk = Buffer.alloc(MIB, 'honey');
  const memory = async () => {
    child.send('memory');
    const [{ rssKiB }] = await once(child, 'message');
    return rssKiB / 1024;
  };
  const before = await memory();
  const headers = { 'content-length': String(100 * MIB) };
  const upload = request(await presign('/big', { method: 'PUT', headers }), { method: 'PUT', headers });
  const answered = once(upload, 'response');
  await pipeline(Readable.from(Array.from({ length: 100 }, () => chunk)), upload);
  const [answer] = await answered;
  answer.resume();
  expect(answer.statusCode).toBe(200);

  const digest = createHash('md5');
  const got = await fetch(await presign('/big'));
  for await (const bytes of got.body ?? []) digest.update(bytes);
  expect(`"${digest.digest('hex')}"`).toBe(answer.headers.etag);
  expect((await memory()) - before).toBeLessThan(80);
});

test('a body that is cut, too long, chunked or too big leaves nothing', async () => {
  const { presign, port, folder, send } = await startLocal();
  const put = async (headers: Record<string, string>, body: string, until?: RegExp) =>
    await raw(port, head('PUT', await presign('/a', { method: 'PUT' }), headers) + body, until);

  const cut = head('PUT', await presign('/a', { method: 'PUT' }), { 'content-length': '1000', connection: 'close' });
  const socket = connect(port, '127.0.0.1');
  socket.write(`${cut}only this`);
  await expect.poll(() => filesIn(folder, 'temporary').length).toBe(1);
  socket.destroy();
  await expect.poll(() => filesIn(folder, 'temporary').length).toBe(0);

  expect(await put({ 'transfer-encoding': 'chunked' }, '5\r\nhoney\r\n0\r\n\r\n', /<\/Error>/)).toMatch(
    /^HTTP\/1.1 411.*MissingContentLength/s,
  );
  expect(await put({}, '', /<\/Error>/)).toMatch(/^HTTP\/1.1 411/);
  expect(await put({ 'content-length': String(6 * 1024 ** 3) }, 'x', /<\/Error>/)).toMatch(
    /^HTTP\/1.1 400.*EntityTooLarge/s,
  );
  expect(await put({ 'content-length': '5', 'transfer-encoding': 'chunked' }, '0\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
  expect(await refusal(await send('/a'))).toBe('404 NoSuchKey');
  // What follows the declared length is another request, and not a good one: Node hangs up, maybe before it answers.
  await put({ 'content-length': '5' }, 'honey and more\r\n\r\n');
  await expect.poll(() => filesIn(folder, 'temporary').length).toBe(0);
  const left = await send('/a');
  expect(['honey', undefined]).toContain(left.status === 404 ? undefined : await left.text());
});

test('a client is told to go on, or is refused before it sends the body', async () => {
  const { presign, port } = await startLocal();
  const headers = { 'content-length': '5', expect: '100-continue' };
  const url = await presign('/a', { method: 'PUT' });
  expect(await raw(port, head('PUT', url, headers), /Continue/)).toMatch(/^HTTP\/1.1 100 Continue/);
  expect(await raw(port, head('PUT', `${url}0`, headers), /<\/Error>/)).toMatch(/^HTTP\/1.1 400/);
});

test('a refused sender that does not stop is cut off', async () => {
  const { at, port, send } = await startLocal();
  const chunk = Buffer.alloc(MIB);
  const endless = function* () {
    yield head('PUT', at('/a'), { 'content-length': String(1024 ** 4) });
    for (;;) yield chunk;
  };
  await expect(pipeline(Readable.from(endless()), connect(port, '127.0.0.1'))).rejects.toThrow();
  expect((await send('', { method: 'HEAD' })).status).toBe(200);
});

test('a reader that goes away midway harms nobody', async () => {
  const { send, presign, port } = await startLocal();
  await send('/a', { method: 'PUT', body: 'honey'.repeat(MIB) });
  await raw(port, head('GET', await presign('/a'), {}), /honeyhoney/);
  expect((await send('/a', { method: 'HEAD' })).status).toBe(200);
});

test('closing cuts what is under way and waits until it is cleared away', async () => {
  const folder = temporaryFolder();
  const port = await getPort();
  const server = await startS3({ ...KEYS, port, folder, buckets: [BUCKET] });
  const { presign } = speaker(server.url);
  const answer = raw(port, `${head('PUT', await presign('/a', { method: 'PUT' }), { 'content-length': '9' })}half`);
  await expect.poll(() => filesIn(folder, 'temporary').length).toBe(1);
  await server.close();
  expect(filesIn(folder, 'temporary')).toEqual([]);
  expect(await answer).toBe('');
});

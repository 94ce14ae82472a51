import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { FILE_BYTES_MAX } from '../../domain/file.ts';
import { mostWhile, rssMib } from '../faults/memory.ts';
import { startLocal } from '../s3/local.ts';
import { startWorkerd } from './in-workerd.ts';
import { bucketAt } from './storage.ts';

const GROWTH_MIB_MAX = 32;
const CLAIMS = { filename: 'manual.pdf', content_type: 'application/pdf' };

test('on workerd the longest file takes little memory, in and out', { timeout: 60_000 }, async () => {
  const { files, pid } = await startStorage();
  await files.upload('document/1', paper(1000), CLAIMS);
  await read(await files.get('document/1'));
  const before = rssMib(pid);

  const up = files.upload('document/2', paper(FILE_BYTES_MAX), CLAIMS);
  expect(await mostWhile(up, pid)).toBeLessThan(before + GROWTH_MIB_MAX);
  expect(await up).toMatchObject({ size: FILE_BYTES_MAX });

  const down = files.get('document/2').then(read);
  expect(await mostWhile(down, pid)).toBeLessThan(before + GROWTH_MIB_MAX);
  expect(await down).toBe(FILE_BYTES_MAX);
});

test('one byte more than a file may have is refused before there is a file', { timeout: 60_000 }, async () => {
  const { files } = await startStorage();
  const up = files.upload('document/1', paper(FILE_BYTES_MAX + 1), CLAIMS);
  await expect(up).rejects.toMatchObject({ code: 'too_large' });
  expect(await files.listVersions('')).toMatchObject({ versions: [] });
  expect(await files.listUploads('')).toMatchObject({ uploads: [] });
});

async function startStorage() {
  const local = await startLocal();
  const { b2Files, pid, stop } = await startWorkerd();
  onTestFinished(stop);
  return { files: b2Files(bucketAt(local.url)), pid };
}

/** A long PDF, as a network brings it. */
async function* paper(length: number) {
  const piece = randomBytes(64 * 1024);
  yield new TextEncoder().encode('%PDF-1.7\n');
  for (let left = length - 9; left > 0; left -= piece.length) {
    yield piece.subarray(0, left);
    await setImmediate();
  }
}

async function read(got: { body: ReadableStream<Uint8Array> | null } | null): Promise<number> {
  let size = 0;
  for await (const chunk of got?.body ?? []) size += chunk.length;
  return size;
}

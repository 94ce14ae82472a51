import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Context } from './context.ts';
import { S3Error } from './error.ts';
import { serial } from './serial.ts';
import {
  findBucket,
  type Part,
  type Store,
  temporaryFile,
  type Upload,
  uploadFolder,
  type Version,
  writeJson,
} from './store.ts';
import { addVersion } from './version-store.ts';

const PART_BYTES_MIN = 5 * 1024 * 1024;

/** The upload that a request names. */
export function askedUpload({ request, store }: Context): Upload {
  return findUpload(store, request.bucket, request.key, request.query.get('uploadId') ?? '');
}

/** Begins a multipart upload. */
export async function addUpload(store: Store, name: string, draft: Pick<Upload, 'key' | 'headers'>): Promise<Upload> {
  return await store.exclusively(async () => {
    const bucket = findBucket(store, name);
    const uploadId = `4_z${bucket.id}_f2${randomBytes(24).toString('hex')}`;
    const record = { uploadId, initiated: new Date().toISOString(), ...draft };
    await mkdir(uploadFolder(store, name, uploadId));
    await writeJson(store, join(uploadFolder(store, name, uploadId), 'upload.json'), record);
    const upload = { ...record, parts: new Map(), exclusively: serial() };
    bucket.uploads.set(uploadId, upload);
    return upload;
  });
}

/** Keeps a part, in place of the one that had its number. The body is a temporary file, which moves. */
export async function addPart(
  store: Store,
  bucket: string,
  { key, uploadId, exclusively }: Upload,
  draft: Pick<Part, 'number' | 'etag' | 'size'>,
  body: string,
): Promise<void> {
  await exclusively(async () => {
    const upload = findUpload(store, bucket, key, uploadId);
    const folder = uploadFolder(store, bucket, uploadId);
    const file = `${draft.number}-${randomBytes(8).toString('hex')}`;
    const part = { ...draft, file, lastModified: new Date().toISOString() };
    await rename(body, join(folder, file));
    await writeJson(store, join(folder, `${draft.number}.json`), part);
    const before = upload.parts.get(draft.number);
    upload.parts.set(draft.number, part);
    if (before) await rm(join(folder, before.file));
  });
}

/** Makes a version of the parts that the client names, and ends the upload. */
export async function completeUpload(
  store: Store,
  bucket: string,
  { key, uploadId, exclusively }: Upload,
  wanted: readonly Pick<Part, 'number' | 'etag'>[],
): Promise<Version> {
  return await exclusively(async () => {
    const upload = findUpload(store, bucket, key, uploadId);
    const parts = chooseParts(upload, wanted);
    const body = temporaryFile(store);
    try {
      for (const { file } of parts) {
        const source = createReadStream(join(uploadFolder(store, bucket, uploadId), file));
        await pipeline(source, createWriteStream(body, { flags: 'a' }));
      }
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const draft = { key, size, etag: etagOf(parts), headers: upload.headers, uploadId };
      const version = await addVersion(store, bucket, draft, body);
      await removeUpload(store, bucket, upload);
      return version;
    } finally {
      await rm(body, { force: true });
    }
  });
}

/** Gives an upload up. */
export async function abortUpload(store: Store, bucket: string, upload: Upload): Promise<void> {
  await upload.exclusively(async () => {
    await removeUpload(store, bucket, findUpload(store, bucket, upload.key, upload.uploadId));
  });
}

function findUpload(store: Store, bucket: string, key: string, uploadId: string): Upload {
  const upload = findBucket(store, bucket).uploads.get(uploadId);
  if (upload?.key !== key) throw new S3Error('NoSuchUpload');
  return upload;
}

async function removeUpload(store: Store, bucket: string, { uploadId }: Upload): Promise<void> {
  const folder = uploadFolder(store, bucket, uploadId);
  // First what makes it an upload at the next start, then its parts.
  await rm(join(folder, 'upload.json'));
  findBucket(store, bucket).uploads.delete(uploadId);
  await rm(folder, { recursive: true, force: true });
}

function chooseParts({ parts }: Upload, wanted: readonly Pick<Part, 'number' | 'etag'>[]): Part[] {
  const chosen = wanted.map(({ number, etag }, index) => {
    if (number <= (wanted[index - 1]?.number ?? 0)) throw new S3Error('InvalidPartOrder');
    const part = parts.get(number);
    if (part?.etag !== etag) throw new S3Error('InvalidPart');
    return part;
  });
  if (chosen.slice(0, -1).some(({ size }) => size < PART_BYTES_MIN)) throw new S3Error('EntityTooSmall');
  return chosen;
}

function etagOf(parts: readonly Part[]): string {
  const digest = createHash('md5');
  for (const { etag } of parts) digest.update(etag, 'hex');
  return `${digest.digest('hex')}-${parts.length}`;
}

import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Error } from './error.ts';
import type { Exclusively } from './serial.ts';

/** One version of an object, as its JSON file holds it. */
export type Version = {
  key: string;
  versionId: string;
  lastModified: string;
  isDeleteMarker: boolean;
  size: number;
  /** Without quotes. */
  etag: string;
  /** Content-Type and its kin, and x-amz-meta-*. */
  headers: Record<string, string>;
  /** The multipart upload that it was made of. */
  uploadId?: string;
};

export type Part = { number: number; etag: string; size: number; lastModified: string; file: string };

/** A multipart upload under way; its parts change one at a time. */
export type Upload = {
  uploadId: string;
  key: string;
  initiated: string;
  headers: Record<string, string>;
  parts: Map<number, Part>;
  exclusively: Exclusively;
};

/** One rule, kept and given back, never carried out. */
export type LifecycleRule = {
  id: string | null;
  isEnabled: boolean;
  prefix: string;
  expirationDays: number | null;
  expiresDeleteMarkers: boolean;
  noncurrentDays: number | null;
  abortUploadDays: number | null;
};

/** What `bucket.json` holds. */
export type BucketRecord = { id: string; created: string; lifecycle: LifecycleRule[] | null };

export type Bucket = BucketRecord & {
  name: string;
  /** By key, the newest version first; a key without versions is not there. */
  versions: Map<string, Version[]>;
  uploads: Map<string, Upload>;
};

/**
 * Everything is in memory but the bodies. The files are the truth: a version exists from the moment its JSON file is
 * renamed into place (its body is there by then) until that file is removed (its body goes after it).
 */
export type Store = { folder: string; buckets: Map<string, Bucket>; lastOrder: number; exclusively: Exclusively };

export const temporaryFile = (store: Store) => join(store.folder, 'temporary', randomUUID());
export const bucketFolder = (store: Store, bucket: string) => join(store.folder, 'buckets', bucket);
export const uploadFolder = (store: Store, bucket: string, id: string) =>
  join(bucketFolder(store, bucket), 'uploads', id);
export const bodyFile = (store: Store, bucket: string, versionId: string) =>
  join(bucketFolder(store, bucket), 'bodies', versionId);

/** Writes a JSON file that is there whole or not at all, whenever the process is killed. */
export async function writeJson(store: Store, path: string, value: unknown): Promise<void> {
  const draft = temporaryFile(store);
  await writeFile(draft, JSON.stringify(value), { flag: 'wx' });
  await rename(draft, path);
}

/** The bucket with that name. */
export function findBucket(store: Store, name: string): Bucket {
  const bucket = store.buckets.get(name);
  if (!bucket) throw new S3Error('NoSuchBucket');
  return bucket;
}

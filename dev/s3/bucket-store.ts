import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Error } from './error.ts';
import { type BucketRecord, bucketFolder, findBucket, type LifecycleRule, type Store, writeJson } from './store.ts';

/** Makes an empty bucket. */
export async function addBucket(store: Store, name: string): Promise<void> {
  // B2's rules, of which S3's are wider.
  if (!/^[a-z0-9][a-z0-9-]{4,61}[a-z0-9]$/.test(name) || name.startsWith('b2-')) throw new S3Error('InvalidBucketName');
  await store.exclusively(async () => {
    if (store.buckets.has(name)) throw new S3Error('BucketAlreadyOwnedByYou');
    const record = { id: randomBytes(12).toString('hex'), created: new Date().toISOString(), lifecycle: null };
    const folder = bucketFolder(store, name);
    for (const part of ['versions', 'bodies', 'uploads']) await mkdir(join(folder, part), { recursive: true });
    await writeJson(store, join(folder, 'bucket.json'), record);
    store.buckets.set(name, { name, ...record, versions: new Map(), uploads: new Map() });
  });
}

/** Removes a bucket that holds no version and no upload. */
export async function removeBucket(store: Store, name: string): Promise<void> {
  await store.exclusively(async () => {
    const bucket = findBucket(store, name);
    if (bucket.versions.size > 0 || bucket.uploads.size > 0) throw new S3Error('BucketNotEmpty');
    const folder = bucketFolder(store, name);
    await rm(join(folder, 'bucket.json'));
    store.buckets.delete(name);
    await rm(folder, { recursive: true });
  });
}

/** Replaces the lifecycle rules of a bucket. */
export async function setLifecycle(store: Store, name: string, lifecycle: LifecycleRule[] | null): Promise<void> {
  await store.exclusively(async () => {
    const bucket = findBucket(store, name);
    const record: BucketRecord = { id: bucket.id, created: bucket.created, lifecycle };
    await writeJson(store, join(bucketFolder(store, name), 'bucket.json'), record);
    bucket.lifecycle = lifecycle;
  });
}

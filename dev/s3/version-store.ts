import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bodyFile, bucketFolder, findBucket, type Store, type Version, writeJson } from './store.ts';
import { makeVersionId } from './version-id.ts';

/** Makes the newest version of a key. The body is a temporary file, which moves; a delete marker has none. */
export async function addVersion(
  store: Store,
  bucketName: string,
  draft: Pick<Version, 'key' | 'size' | 'etag' | 'headers' | 'uploadId'>,
  body: string | null,
): Promise<Version> {
  return await store.exclusively(async () => {
    const bucket = findBucket(store, bucketName);
    store.lastOrder = Math.max(store.lastOrder + 1, Date.now() * 1000);
    const versionId = makeVersionId(bucket.id, store.lastOrder);
    const version = { ...draft, versionId, lastModified: new Date().toISOString(), isDeleteMarker: body === null };
    if (body !== null) await rename(body, bodyFile(store, bucketName, versionId));
    await writeJson(store, versionFile(store, bucketName, versionId), version);
    bucket.versions.set(draft.key, [version, ...(bucket.versions.get(draft.key) ?? [])]);
    return version;
  });
}

/** Removes one version for ever; answers it, or null if there is none. */
export async function removeVersion(
  store: Store,
  bucketName: string,
  key: string,
  id: string,
): Promise<Version | null> {
  return await store.exclusively(async () => {
    const bucket = findBucket(store, bucketName);
    const versions = bucket.versions.get(key) ?? [];
    const version = versions.find(({ versionId }) => versionId === id);
    if (!version) return null;
    await rm(versionFile(store, bucketName, id));
    const others = versions.filter((other) => other !== version);
    if (others.length > 0) bucket.versions.set(key, others);
    else bucket.versions.delete(key);
    await rm(bodyFile(store, bucketName, id), { force: true });
    return version;
  });
}

const versionFile = (store: Store, bucket: string, versionId: string) =>
  join(bucketFolder(store, bucket), 'versions', `${versionId}.json`);

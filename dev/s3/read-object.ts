import { type FileHandle, open } from 'node:fs/promises';
import { isUnmodified, readRange } from './conditions.ts';
import type { Answer, Context } from './context.ts';
import { S3Error } from './error.ts';
import { overridingHeaders } from './object-headers.ts';
import { bodyFile, findBucket, type Store, type Version } from './store.ts';
import { orderOf } from './version-id.ts';

/** GetObject and HeadObject. */
export async function readObject({ request, store }: Context): Promise<Answer> {
  if (request.query.has('partNumber')) throw new S3Error('NotImplemented', 'Reading a part is not implemented');
  const version = findVersion(store, request.bucket, request.key, request.query.get('versionId'));
  const named = {
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
    'x-amz-version-id': version.versionId,
  };
  if (isUnmodified(request, version)) return { status: 304, headers: named };
  const range = readRange(request, version);
  const length = range ? range.end - range.start + 1 : version.size;
  const headers = {
    ...version.headers,
    ...overridingHeaders(request),
    ...named,
    'accept-ranges': 'bytes',
    'content-length': String(length),
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${version.size}` }),
  };
  const status = range ? 206 : 200;
  if (request.method === 'HEAD' || length === 0) return { status, headers };
  // Open before the answer begins: the file stays readable if the version is deleted meanwhile.
  const file = await openBody(store, request.bucket, version);
  return { status, headers, stream: file.createReadStream(range ?? {}) };
}

/** The version that is asked for, or the newest; a delete marker is none. */
export function findVersion(store: Store, bucket: string, key: string, versionId: string | undefined): Version {
  const versions = findBucket(store, bucket).versions.get(key) ?? [];
  if (versionId === undefined) return expectObject(versions[0], new S3Error('NoSuchKey'), 'NoSuchKey');
  checkVersionId(versionId);
  const version = versions.find((candidate) => candidate.versionId === versionId);
  return expectObject(version, new S3Error('NoSuchVersion'), 'MethodNotAllowed');
}

/** Refuses what never was a version id. */
export function checkVersionId(versionId: string): void {
  if (orderOf(versionId) === null) throw new S3Error('InvalidArgument', 'Invalid version id specified');
}

function expectObject(
  version: Version | undefined,
  missing: S3Error,
  ifMarker: 'NoSuchKey' | 'MethodNotAllowed',
): Version {
  if (!version) throw missing;
  if (!version.isDeleteMarker) return version;
  const marker = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
  throw new S3Error(ifMarker, undefined, ifMarker === 'NoSuchKey' ? marker : { ...marker, allow: 'DELETE' });
}

/** What an error means that came from a body whose version was there a moment ago. */
export function asDeleted(error: unknown): unknown {
  const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isGone ? new S3Error('NoSuchKey') : error;
}

async function openBody(store: Store, bucket: string, version: Version): Promise<FileHandle> {
  try {
    return await open(bodyFile(store, bucket, version.versionId));
  } catch (error) {
    throw asDeleted(error);
  }
}

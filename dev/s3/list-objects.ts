import type { Answer, Context } from './context.ts';
import { S3Error } from './error.ts';
import { listingHead, readListing, showPage } from './listing.ts';
import { compareKeys, cutPage, type Page } from './page.ts';
import { findBucket, type Version } from './store.ts';
import { orderOf } from './version-id.ts';
import { block, tag, xmlDocument } from './xml.ts';

/** ListObjectsV2. */
export function listObjects({ request, store }: Context): Answer {
  if (request.query.get('list-type') !== '2') throw new S3Error('NotImplemented', 'Only ListObjectsV2 is implemented');
  const { prefix, delimiter, max, name } = readListing(request, 'max-keys');
  const token = request.query.get('continuation-token');
  const startAfter = request.query.get('start-after') ?? '';
  const after = token === undefined ? startAfter : readToken(token);

  const newest = [...findBucket(store, request.bucket).versions.values()].flatMap(([version]) => version ?? []);
  const objects = newest.filter(({ isDeleteMarker }) => !isDeleteMarker).sort((a, b) => compareKeys(a.key, b.key));
  const page = cutPage(objects, { prefix, delimiter, max, after });
  return {
    status: 200,
    xml: xmlDocument(
      'ListBucketResult',
      ...listingHead(request, page),
      tag('MaxKeys', max),
      tag('KeyCount', page.shown.length),
      ...(token === undefined ? [] : [tag('ContinuationToken', token)]),
      ...(startAfter === '' ? [] : [tag('StartAfter', name(startAfter))]),
      ...(page.isTruncated ? [tag('NextContinuationToken', makeToken(lastOf(page).key))] : []),
      ...showPage(page, name, (version) => block('Contents', tag('Key', name(version.key)), ...describe(version))),
    ),
  };
}

/** ListObjectVersions. */
export function listVersions({ request, store }: Context): Answer {
  const { prefix, delimiter, max, name } = readListing(request, 'max-keys');
  const after = request.query.get('key-marker') ?? '';
  const marker = request.query.get('version-id-marker') ?? '';
  const markerOrder = marker === '' ? null : orderOf(marker);
  if (marker !== '' && (after === '' || markerOrder === null)) {
    throw new S3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker, or is invalid');
  }
  const { versions } = findBucket(store, request.bucket);
  const sorted = [...versions.entries()].sort(([a], [b]) => compareKeys(a, b)).flatMap(([, ofKey]) => ofKey);
  // By order and not by place: the version of the marker may be deleted by now.
  const isStillToCome = (version: Version) => markerOrder !== null && (orderOf(version.versionId) ?? 0) < markerOrder;
  const page = cutPage(sorted, { prefix, delimiter, max, after, isStillToCome });
  const last = lastOf(page);
  const next = [tag('NextKeyMarker', name(last.key)), ...(last.id ? [tag('NextVersionIdMarker', last.id)] : [])];
  return {
    status: 200,
    xml: xmlDocument(
      'ListVersionsResult',
      ...listingHead(request, page),
      tag('MaxKeys', max),
      tag('KeyMarker', name(after)),
      tag('VersionIdMarker', marker),
      ...(page.isTruncated ? next : []),
      ...showPage(page, name, (version) => {
        const identity = [tag('Key', name(version.key)), tag('VersionId', version.versionId)];
        const isLatest = tag('IsLatest', versions.get(version.key)?.[0] === version);
        if (!version.isDeleteMarker) return block('Version', ...identity, isLatest, ...describe(version));
        return block('DeleteMarker', ...identity, isLatest, tag('LastModified', version.lastModified));
      }),
    ),
  };
}

function lastOf(page: Page<Version>): { key: string; id?: string } {
  const last = page.shown.at(-1);
  if (!last) return { key: '' };
  return 'entry' in last ? { key: last.entry.key, id: last.entry.versionId } : { key: last.prefix };
}

function describe(version: Version): string[] {
  return [
    tag('LastModified', version.lastModified),
    tag('ETag', `"${version.etag}"`),
    tag('Size', version.size),
    tag('StorageClass', 'STANDARD'),
  ];
}

const makeToken = (key: string) => Buffer.from(key).toString('base64url');

function readToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (key === '' || makeToken(key) !== token) {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  }
  return key;
}

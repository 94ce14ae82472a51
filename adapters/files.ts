import { contentDisposition } from '../domain/content-disposition.ts';
import { type Files, PRESIGNED_SECONDS_MAX } from '../domain/file.ts';
import { type Ask, type Bucket, presigned } from './files/bucket.ts';
import { asked, refused } from './files/exchange.ts';
import { listUploads, listVersions } from './files/listing.ts';
import { abort } from './files/multipart.ts';
import { get, head, SHA256_HEADER } from './files/object.ts';
import { put } from './files/put.ts';

/** Backblaze B2 by its S3 API. */
export function b2Files(bucket: Bucket): Files {
  checkRegion(bucket);
  return {
    presignPut: presignPut(bucket),
    presignGet: presignGet(bucket),
    head: (key, version) => head(bucket, key, version),
    get: get(bucket),
    put: put(bucket),
    delete: (key, version) => (version === undefined ? removeAll(bucket, key) : remove(bucket, key, version)),
    listVersions: listVersions(bucket),
    listUploads: listUploads(bucket),
    abort: (key, upload_id) => abort(bucket, { key, upload_id }),
    under: (traceparent) => b2Files({ ...bucket, traceparent }),
  };
}

/** Found at the start, and not as a signature that does not match. */
function checkRegion({ endpoint, region }: Bucket): void {
  const [, named] = /^s3\.([^.]+)\.backblazeb2\.com$/.exec(new URL(endpoint).hostname) ?? [];
  if (named !== undefined && named !== region) throw new Error(`${endpoint} is not in the region ${region}.`);
}

const presignPut =
  (bucket: Bucket): Files['presignPut'] =>
  async ({ key, content_type, content_length, md5, sha256, expires_s }) => {
    const headers = {
      'content-type': content_type,
      'content-length': String(content_length),
      ...(md5 && { 'content-md5': md5 }),
      ...(sha256 && { [SHA256_HEADER]: sha256 }),
    };
    const url = await presigned(bucket, { method: 'PUT', key, headers }, seconds(expires_s));
    return { method: 'PUT', url, headers };
  };

const presignGet =
  (bucket: Bucket): Files['presignGet'] =>
  async ({ key, version, filename, disposition, expires_s }) => {
    const query = {
      versionId: version,
      'response-content-disposition': contentDisposition(disposition, filename),
      'response-cache-control': 'private, no-store',
    };
    return await presigned(bucket, { method: 'GET', key, query }, seconds(expires_s));
  };

function seconds(expires_s: number): number {
  const isShort = Number.isInteger(expires_s) && expires_s > 0 && expires_s <= PRESIGNED_SECONDS_MAX;
  if (!isShort) throw new Error(`A presigned URL lives for 1 to ${PRESIGNED_SECONDS_MAX} seconds.`);
  return expires_s;
}

/** One version, for ever. A DELETE that names none would only hide the file. */
async function remove(bucket: Bucket, key: string, version: string): Promise<void> {
  const ask: Ask = { method: 'DELETE', key, query: { versionId: version } };
  const answer = await asked(bucket, ask);
  if (answer.status !== 204 && answer.status !== 404) throw refused(ask, answer);
}

async function removeAll(bucket: Bucket, key: string): Promise<void> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Files['listVersions']>> = await listVersions(bucket)(key, { cursor });
    const own = page.versions.filter((found) => found.key === key);
    for (const { version } of own) await remove(bucket, key, version);
    // Keys come in order: after one that is longer, none is the same.
    cursor = own.length === page.versions.length ? page.next_cursor : null;
  } while (cursor);
}

import { constants, copyFile, rm } from 'node:fs/promises';
import { isUnmodified } from './conditions.ts';
import type { Answer, Context } from './context.ts';
import { S3Error } from './error.ts';
import { keptHeaders } from './object-headers.ts';
import { asDeleted, findVersion } from './read-object.ts';
import { withReceivedFile } from './receive.ts';
import { checkKey } from './request.ts';
import { bodyFile, findBucket, temporaryFile } from './store.ts';
import { decodeUri } from './uri.ts';
import { addVersion } from './version-store.ts';
import { tag, xmlDocument } from './xml.ts';

/** PutObject. */
export async function putObject(context: Context): Promise<Answer> {
  const { store, request } = context;
  findBucket(store, request.bucket);
  const headers = keptHeaders(request);
  return await withReceivedFile(context, async ({ path, size, md5 }) => {
    const version = await addVersion(store, request.bucket, { key: request.key, size, etag: md5, headers }, path);
    return { status: 200, headers: { etag: `"${md5}"`, 'x-amz-version-id': version.versionId } };
  });
}

/** CopyObject. */
export async function copyObject({ store, request }: Context): Promise<Answer> {
  findBucket(store, request.bucket);
  const from = readSource(request.headers.get('x-amz-copy-source') ?? '');
  const replaces = request.headers.get('x-amz-metadata-directive') === 'REPLACE';
  if (from.bucket === request.bucket && from.key === request.key && from.versionId === undefined && !replaces) {
    throw new S3Error('InvalidRequest', 'An object cannot be copied to itself without a change of its metadata.');
  }
  const source = findVersion(store, from.bucket, from.key, from.versionId);
  if (isUnmodified(request, source, 'x-amz-copy-source-')) throw new S3Error('PreconditionFailed');

  const body = temporaryFile(store);
  try {
    await copyBody(bodyFile(store, from.bucket, source.versionId), body);
    const headers = replaces ? keptHeaders(request) : source.headers;
    const draft = { key: request.key, size: source.size, etag: source.etag, headers };
    const version = await addVersion(store, request.bucket, draft, body);
    const result = [tag('LastModified', version.lastModified), tag('ETag', `"${version.etag}"`)];
    return {
      status: 200,
      headers: { 'x-amz-version-id': version.versionId, 'x-amz-copy-source-version-id': source.versionId },
      xml: xmlDocument('CopyObjectResult', ...result),
    };
  } finally {
    await rm(body, { force: true });
  }
}

async function copyBody(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    throw asDeleted(error);
  }
}

function readSource(header: string): { bucket: string; key: string; versionId: string | undefined } {
  const [path = '', query = ''] = header.replace(/^\//, '').split('?');
  const [bucket = '', ...key] = decodeUri(path).split('/');
  const versionId = /^versionId=(.+)$/.exec(query)?.[1];
  const isReadable = bucket !== '' && key.join('/') !== '' && (query === '') === (versionId === undefined);
  if (!isReadable) throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key');
  return { bucket, key: checkKey(key.join('/')), versionId };
}

import type { Answer, Context } from './context.ts';
import { S3Error } from './error.ts';
import { checkVersionId } from './read-object.ts';
import { all, expectOnly, textOf } from './read-xml.ts';
import { receiveXml } from './receive.ts';
import { checkKey } from './request.ts';
import { findBucket, type Store } from './store.ts';
import { addVersion, removeVersion } from './version-store.ts';
import { block, tag, xmlDocument } from './xml.ts';

const OBJECTS_MAX = 1000;

type Target = { key: string; versionId: string | undefined };
type Deleted = { versionId: string; isDeleteMarker: boolean };

/** DeleteObject. */
export async function deleteObject({ request, store }: Context): Promise<Answer> {
  const { key, bucket, query } = request;
  const deleted = await deleteOne(store, bucket, { key, versionId: query.get('versionId') });
  const marker = deleted.isDeleteMarker && { 'x-amz-delete-marker': 'true' };
  return { status: 204, headers: { 'x-amz-version-id': deleted.versionId, ...marker } };
}

/** DeleteObjects. */
export async function deleteObjects(context: Context): Promise<Answer> {
  const { request, store } = context;
  findBucket(store, request.bucket);
  if (!request.headers.has('content-md5')) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5');
  }
  const document = await receiveXml(context, 'Delete');
  expectOnly(document, 'Object', 'Quiet');
  const objects = all(document, 'Object').map((node) => {
    expectOnly(node, 'Key', 'VersionId');
    return { key: textOf(node, 'Key') ?? '', versionId: textOf(node, 'VersionId') };
  });
  const isComplete = objects.length > 0 && objects.length <= OBJECTS_MAX && objects.every(({ key }) => key !== '');
  if (!isComplete) throw new S3Error('MalformedXML');

  const isQuiet = textOf(document, 'Quiet') === 'true';
  const results: string[] = [];
  for (const target of objects) {
    const { isError, xml } = await reportOne(store, request.bucket, target);
    if (isError || !isQuiet) results.push(xml);
  }
  return { status: 200, xml: xmlDocument('DeleteResult', ...results) };
}

async function deleteOne(store: Store, bucket: string, { key, versionId }: Target): Promise<Deleted> {
  if (versionId === undefined) {
    return await addVersion(store, bucket, { key: checkKey(key), size: 0, etag: '', headers: {} }, null);
  }
  checkVersionId(versionId);
  const removed = await removeVersion(store, bucket, key, versionId);
  return { versionId, isDeleteMarker: removed?.isDeleteMarker ?? false };
}

async function reportOne(store: Store, bucket: string, target: Target): Promise<{ isError: boolean; xml: string }> {
  const { key, versionId } = target;
  const named = [tag('Key', key), ...(versionId === undefined ? [] : [tag('VersionId', versionId)])];
  try {
    const deleted = await deleteOne(store, bucket, target);
    const marker = [tag('DeleteMarker', true), tag('DeleteMarkerVersionId', deleted.versionId)];
    return { isError: false, xml: block('Deleted', ...named, ...(deleted.isDeleteMarker ? marker : [])) };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return { isError: true, xml: block('Error', ...named, tag('Code', error.code), tag('Message', error.message)) };
  }
}

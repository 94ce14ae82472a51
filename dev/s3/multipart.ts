import { type Answer, type Context, numberFrom } from './context.ts';
import { S3Error } from './error.ts';
import { keptHeaders } from './object-headers.ts';
import { all, expectOnly, textOf } from './read-xml.ts';
import { receiveXml, withReceivedFile } from './receive.ts';
import { abortUpload, addPart, addUpload, askedUpload, completeUpload } from './upload-store.ts';
import { tag, xmlDocument } from './xml.ts';

const PARTS_MAX = 10_000;

/** CreateMultipartUpload. */
export async function createMultipart({ request, store }: Context): Promise<Answer> {
  const { bucket, key } = request;
  const { uploadId } = await addUpload(store, bucket, { key, headers: keptHeaders(request) });
  const result = [tag('Bucket', bucket), tag('Key', key), tag('UploadId', uploadId)];
  return { status: 200, xml: xmlDocument('InitiateMultipartUploadResult', ...result) };
}

/** UploadPart. */
export async function uploadPart(context: Context): Promise<Answer> {
  const { request, store } = context;
  if (request.headers.has('x-amz-copy-source'))
    throw new S3Error('NotImplemented', 'UploadPartCopy is not implemented');
  const number = numberFrom(request, 'partNumber', { min: 1, max: PARTS_MAX, or: 0 });
  if (number === 0) throw new S3Error('InvalidArgument', 'partNumber is missing');
  const upload = askedUpload(context);
  return await withReceivedFile(context, async ({ path, size, md5 }) => {
    await addPart(store, request.bucket, upload, { number, size, etag: md5 }, path);
    return { status: 200, headers: { etag: `"${md5}"` } };
  });
}

/** CompleteMultipartUpload. */
export async function completeMultipart(context: Context): Promise<Answer> {
  const { request, store } = context;
  const upload = askedUpload(context);
  const document = await receiveXml(context, 'CompleteMultipartUpload');
  expectOnly(document, 'Part');
  const parts = all(document, 'Part').map((node) => {
    expectOnly(node, 'PartNumber', 'ETag');
    const number = textOf(node, 'PartNumber') ?? '';
    const etag = textOf(node, 'ETag')?.replaceAll('"', '');
    if (!/^\d{1,5}$/.test(number) || !etag) throw new S3Error('MalformedXML');
    return { number: Number(number), etag };
  });
  if (parts.length === 0 || parts.length > PARTS_MAX) throw new S3Error('MalformedXML');

  const version = await completeUpload(store, request.bucket, upload, parts);
  const location = `http://${request.headers.get('host')}${new URL(request.path, 'http://local').pathname}`;
  return {
    status: 200,
    headers: { 'x-amz-version-id': version.versionId },
    xml: xmlDocument(
      'CompleteMultipartUploadResult',
      tag('Location', location),
      tag('Bucket', request.bucket),
      tag('Key', request.key),
      tag('ETag', `"${version.etag}"`),
    ),
  };
}

/** AbortMultipartUpload. */
export async function abortMultipart(context: Context): Promise<Answer> {
  await abortUpload(context.store, context.request.bucket, askedUpload(context));
  return { status: 204 };
}

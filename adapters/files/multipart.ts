import { createHash } from 'node:crypto';
import type { Ask, Bucket } from './bucket.ts';
import { asked, refused } from './exchange.ts';
import { element, escaped, textIn } from './xml.ts';

export type Upload = { key: string; upload_id: string };
export type SentPart = { number: number; etag: string };

export async function begin(bucket: Bucket, key: string, headers: Record<string, string>): Promise<Upload> {
  const ask: Ask = { method: 'POST', key, query: { uploads: '' }, headers };
  const answer = await asked(bucket, ask);
  const upload_id = textIn(answer.text, 'UploadId');
  if (answer.status !== 200 || !upload_id) throw refused(ask, answer);
  return { key, upload_id };
}

export async function sendPart(
  bucket: Bucket,
  { key, upload_id }: Upload,
  number: number,
  body: Uint8Array<ArrayBuffer>,
): Promise<SentPart> {
  const query = { uploadId: upload_id, partNumber: String(number) };
  // Storage refuses a part that arrives as anything else.
  const headers = { 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') };
  const ask: Ask = { method: 'PUT', key, query, headers, body };
  const answer = await asked(bucket, ask, bucket.send_ms);
  const etag = answer.headers.get('etag');
  if (answer.status !== 200 || !etag) throw refused(ask, answer);
  return { number, etag };
}

/** Makes a file of the parts, or not: an answer can be lost, and S3 may say 200 before it fails. The file tells. */
export async function complete(bucket: Bucket, { key, upload_id }: Upload, parts: SentPart[]): Promise<void> {
  const listed = parts.map(({ number, etag }) =>
    element('Part', element('PartNumber', number), element('ETag', escaped(etag))),
  );
  const body = new TextEncoder().encode(element('CompleteMultipartUpload', ...listed));
  const ask: Ask = { method: 'POST', key, query: { uploadId: upload_id }, body };
  const answer = await asked(bucket, ask, bucket.send_ms);
  // The upload is gone if an earlier try completed it.
  const isGone = answer.status === 404 && textIn(answer.text, 'Code') === 'NoSuchUpload';
  if (answer.status !== 200 && !isGone) throw refused(ask, answer);
}

export async function abort(bucket: Bucket, { key, upload_id }: Upload): Promise<void> {
  const ask: Ask = { method: 'DELETE', key, query: { uploadId: upload_id } };
  const answer = await asked(bucket, ask);
  if (answer.status !== 204 && answer.status !== 404) throw refused(ask, answer);
}

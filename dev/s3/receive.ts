import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Context } from './context.ts';
import { S3Error } from './error.ts';
import { readXml, type XmlNode } from './read-xml.ts';
import type { S3Request } from './request.ts';
import { temporaryFile } from './store.ts';

const OBJECT_BYTES_MAX = 5 * 1024 ** 3;
const XML_BYTES_MAX = 2 * 1024 ** 2;

/** A body that came whole and is what its sender said. */
export type Received = { path: string; size: number; md5: string };

/** Receives a body into a temporary file for as long as `use` runs, which may move it away. */
export async function withReceivedFile<T>(context: Context, use: (file: Received) => Promise<T>): Promise<T> {
  const path = temporaryFile(context.store);
  try {
    const received = await receive(context, OBJECT_BYTES_MAX, () => createWriteStream(path, { flags: 'wx' }));
    return await use({ path, ...received });
  } finally {
    await rm(path, { force: true });
  }
}

/** Receives a body that must be XML with this root. */
export async function receiveXml(context: Context, rootName: string): Promise<XmlNode> {
  return readXml(await receiveText(context), rootName);
}

/** Receives a short body as text. */
export async function receiveText(context: Context): Promise<string> {
  const chunks: Buffer[] = [];
  const collect = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await receive(context, XML_BYTES_MAX, () => collect);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof TypeError) throw new S3Error('MalformedXML');
    throw error;
  }
}

async function receive(
  { request, body, proceed, payloadHash }: Context,
  bytesMax: number,
  open: () => Writable,
): Promise<{ size: number; md5: string }> {
  const length = declaredLength(request);
  if (length > bytesMax) throw new S3Error('EntityTooLarge');
  const wantedMd5 = declaredMd5(request);
  const md5 = createHash('md5');
  const sha256 = payloadHash === 'UNSIGNED-PAYLOAD' ? null : createHash('sha256');

  proceed();
  // A connection that is cut before Content-Length bytes came fails the pipeline.
  await pipeline(
    body,
    async function* measure(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        md5.update(chunk);
        sha256?.update(chunk);
        yield chunk;
      }
    },
    open(),
  );

  if (sha256 && sha256.digest('hex') !== payloadHash) throw new S3Error('XAmzContentSHA256Mismatch');
  const digest = md5.digest('hex');
  if (wantedMd5 !== null && wantedMd5 !== digest) throw new S3Error('BadDigest');
  return { size: length, md5: digest };
}

function declaredLength({ method, headers }: S3Request): number {
  const length = headers.get('content-length');
  if (length !== undefined) return Number(length);
  if (headers.has('transfer-encoding') || method === 'PUT') throw new S3Error('MissingContentLength');
  return 0;
}

function declaredMd5({ headers }: S3Request): string | null {
  const header = headers.get('content-md5');
  if (header === undefined) return null;
  const digest = Buffer.from(header, 'base64');
  if (digest.length !== 16 || digest.toString('base64') !== header) throw new S3Error('InvalidDigest');
  return digest.toString('hex');
}

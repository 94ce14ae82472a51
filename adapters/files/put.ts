import { createHash, type Hash } from 'node:crypto';
import { AppError } from '../../domain/errors.ts';
import type { Files, NewFile, WrittenFile } from '../../domain/file.ts';
import type { Ask, Bucket } from './bucket.ts';
import { asked, refused, unavailable } from './exchange.ts';
import * as multipart from './multipart.ts';
import { head, SHA256_HEADER } from './object.ts';
import { type Part, partsOf } from './parts.ts';

type Written = Omit<WrittenFile, 'sha256'>;

/** One PUT for what fits into one part, in parts what does not. */
export const put =
  (bucket: Bucket): Files['put'] =>
  async (key, body, file) => {
    const content_length = body instanceof Uint8Array ? body.length : file.content_length;
    const whole = createHash('sha256');
    const parts = measured(partsOf(body, content_length), whole, content_length);
    try {
      const { value: first } = await parts.next();
      if (!first) throw new Error('A body has at least one part.');
      if (!first.is_last) {
        const written = await putInParts(bucket, key, file, first, parts);
        return { ...written, sha256: whole.digest('hex') };
      }
      const sha256 = whole.digest('hex');
      return { ...(await putAtOnce(bucket, key, file, first.bytes, sha256)), sha256 };
    } finally {
      await parts.return(undefined);
    }
  };

async function putAtOnce(
  bucket: Bucket,
  key: string,
  { content_type }: NewFile,
  body: Part['bytes'],
  sha256: string,
): Promise<Written> {
  const headers = { 'content-type': content_type, [SHA256_HEADER]: sha256, 'x-amz-content-sha256': sha256 };
  const ask: Ask = { method: 'PUT', key, headers, body };
  const answer = await asked(bucket, ask, bucket.send_ms);
  const etag = answer.headers.get('etag')?.replaceAll('"', '');
  const version = answer.headers.get('x-amz-version-id');
  if (answer.status !== 200 || !etag || !version) throw refused(ask, answer);
  return { size: body.length, etag, version };
}

async function putInParts(
  bucket: Bucket,
  key: string,
  { content_type }: NewFile,
  first: Part,
  rest: AsyncGenerator<Part>,
): Promise<Written> {
  const upload = await multipart.begin(bucket, key, { 'content-type': content_type });
  const sent: multipart.SentPart[] = [];
  let sending: Promise<void> = Promise.resolve();
  let size = 0;
  try {
    for (let part: Part | undefined = first; part; part = (await rest.next()).value) {
      // The part before this one goes while this one comes; before the next one comes its buffer is free again.
      await sending;
      size += part.bytes.length;
      const number = sent.length + 1;
      sending = multipart.sendPart(bucket, upload, number, part.bytes).then((done) => void sent.push(done));
      // Heard above or below, where it is awaited; until then it is nobody's.
      sending.catch(() => {});
    }
    await sending;
    await multipart.complete(bucket, upload, sent);
    return await lookedUp(bucket, key, size);
  } catch (error) {
    await Promise.allSettled([sending]);
    // If this fails too, a rule of the bucket ends the upload within a day.
    await Promise.allSettled([multipart.abort(bucket, upload)]);
    throw error;
  }
}

/** What has come to be of the parts. Something else than was sent is taken away again. */
async function lookedUp(bucket: Bucket, key: string, size: number): Promise<Written> {
  const ask: Ask = { method: 'HEAD', key };
  const stored = await head(bucket, key);
  if (stored?.size === size) return { size, etag: stored.etag, version: stored.version };
  if (!stored) throw unavailable(ask, 'completed an upload and has no file');
  const removal: Ask = { method: 'DELETE', key, query: { versionId: stored.version } };
  await Promise.allSettled([asked(bucket, removal)]);
  throw unavailable(ask, `has ${stored.size} bytes where ${size} were sent`);
}

/** Hashes and counts what passes, and refuses a body that is not as long as was said. */
async function* measured(parts: AsyncGenerator<Part>, whole: Hash, length?: number): AsyncGenerator<Part> {
  let size = 0;
  for await (const part of parts) {
    size += part.bytes.length;
    if (length !== undefined && (size > length || (part.is_last && size < length))) {
      throw new AppError('file_size_mismatch', `The file does not have the ${length} bytes that were said.`);
    }
    whole.update(part.bytes);
    yield part;
  }
}

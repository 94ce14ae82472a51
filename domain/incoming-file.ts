import { AppError } from './errors.ts';
import { FILE_BYTES_MAX } from './file.ts';
import { type FileType, isImage } from './file-type.ts';
import { checkDimensions } from './image-metadata.ts';
import { joined } from './images/bytes.ts';
import { checkTail, sniff, TAIL_BYTES } from './sniff.ts';

/** Far enough for a photo's size, which stands behind its profile and previews. */
export const HEAD_BYTES = 1024 ** 2;

type Claims = { filename: string | null; content_type: string | null };

/** What a file is, by its first `HEAD_BYTES` and what it is called. */
export function examine(head: Uint8Array, claims: Claims): FileType {
  const type = sniff(head, claims);
  if (isImage(type)) checkDimensions(head, type);
  return type;
}

/**
 * Reads a file's beginning and says what it is; the body that it hands on rejects if the file turns out too long, or
 * its end shows that it is something else too. Holds the beginning and the end, and not what is between.
 */
export async function receive(
  source: AsyncIterable<Uint8Array>,
  { max_bytes = FILE_BYTES_MAX, ...claims }: Claims & { max_bytes?: number },
): Promise<{ content_type: FileType; body: AsyncIterable<Uint8Array> }> {
  const chunks = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  try {
    for (let size = 0; size < HEAD_BYTES; ) {
      const { done, value } = await chunks.next();
      if (done) break;
      first.push(value);
      size += value.length;
    }
    const content_type = examine(joined(first).subarray(0, HEAD_BYTES), claims);
    return { content_type, body: checked(first, chunks, max_bytes) };
  } catch (error) {
    await chunks.return?.();
    throw error;
  }
}

async function* checked(first: Uint8Array[], rest: AsyncIterator<Uint8Array>, max_bytes: number) {
  const tail = tailOf();
  let size = 0;
  try {
    for (;;) {
      const chunk = first.shift() ?? (await nextOf(rest));
      if (!chunk) break;
      size += chunk.length;
      if (size > max_bytes) throw new AppError('too_large', `A file may have ${max_bytes} bytes.`);
      tail.add(chunk);
      yield chunk;
    }
    checkTail(tail.bytes());
  } finally {
    await rest.return?.();
  }
}

async function nextOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | null> {
  const { done, value } = await chunks.next();
  return done ? null : value;
}

function tailOf() {
  let chunks: Uint8Array[] = [];
  let size = 0;
  return {
    add(chunk: Uint8Array) {
      chunks.push(chunk);
      size += chunk.length;
      while (size - (chunks[0]?.length ?? size) >= TAIL_BYTES) size -= chunks.shift()?.length ?? 0;
    },
    bytes() {
      const tail = joined(chunks).subarray(-TAIL_BYTES);
      chunks = [];
      return tail;
    },
  };
}

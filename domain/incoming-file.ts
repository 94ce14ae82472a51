import { chunksOf } from './byte-stream.ts';
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
  const rest = chunksOf(source)[Symbol.asyncIterator]();
  try {
    const first = await readHead(rest);
    return { content_type: examine(first, claims), body: checked(first, rest, max_bytes) };
  } catch (error) {
    await rest.return?.();
    throw error;
  }
}

/** At least the head, if the file is that long. */
async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const head: Uint8Array[] = [];
  for (let size = 0; size < HEAD_BYTES; ) {
    const { done, value } = await chunks.next();
    if (done) break;
    // Its buffer may be filled again with what comes next.
    head.push(value.slice());
    size += value.length;
  }
  return joined(head);
}

async function* checked(first: Uint8Array, rest: AsyncIterator<Uint8Array>, max_bytes: number) {
  const tail = tailOf();
  let size = 0;
  try {
    for (let chunk: Uint8Array | null = first; chunk; chunk = await nextOf(rest)) {
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

/** Keeps the end of what passes; has room for more, so that it seldom moves. */
function tailOf() {
  const kept = new Uint8Array(4 * TAIL_BYTES);
  let filled = 0;
  return {
    add(chunk: Uint8Array) {
      const end = chunk.subarray(-TAIL_BYTES);
      if (filled + end.length > kept.length) {
        kept.copyWithin(0, filled - TAIL_BYTES, filled);
        filled = TAIL_BYTES;
      }
      kept.set(end, filled);
      filled += end.length;
    },
    bytes: () => kept.subarray(Math.max(0, filled - TAIL_BYTES), filled),
  };
}

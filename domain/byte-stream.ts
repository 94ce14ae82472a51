const CHUNK_BYTES = 64 * 1024;

/** A body as its chunks. One that is taken from a stream is good until the next one is asked for. */
export function chunksOf(body: Uint8Array | AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (body instanceof Uint8Array) return ReadableStream.from([body]);
  return body instanceof ReadableStream ? bytesOf(body) : body;
}

/**
 * The bytes of a stream. A chunk is good until the next one is asked for: where the stream can fill a buffer, one
 * serves them all. Otherwise what passes through a Worker piles up there until its garbage is collected.
 */
export async function* bytesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = fillingReader(stream);
  if (!reader) return yield* stream;
  let buffer = new ArrayBuffer(CHUNK_BYTES);
  try {
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done) return;
      yield value;
      buffer = value.buffer;
    }
  } finally {
    // Of a stream that has failed it rejects with what `read` has rejected with.
    await reader.cancel().catch(() => {});
  }
}

/** Null if the stream has its chunks from somebody who does not fill buffers. */
function fillingReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | null {
  try {
    return stream.getReader({ mode: 'byob' });
  } catch (error) {
    if (error instanceof TypeError && !stream.locked) return null;
    throw error;
  }
}

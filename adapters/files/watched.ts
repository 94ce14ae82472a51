import { bytesOf } from '../../domain/byte-stream.ts';
import { lossOf } from '../lost.ts';

type Watch = {
  length: number;
  idle_ms: number;
  hangUp(): void;
  /** Makes the error that the reader gets. */
  fault(why: string): Error;
};

/** Of workerd alone, which sends a body that it does not know the length of without a Content-Length. */
declare const FixedLengthStream: undefined | (new (length: number) => TransformStream<Uint8Array, Uint8Array>);

/**
 * A body that errors when it breaks off or stalls, instead of ending as if it were whole. Whether all of it came the
 * runtimes see themselves.
 */
export function watched({ body }: Response, watch: Watch): ReadableStream<Uint8Array> {
  const chunks = checked(bytesOf(body ?? new Blob([]).stream()), watch);
  if (typeof FixedLengthStream === 'undefined') return ReadableStream.from(copies(chunks));
  const { readable, writable } = new FixedLengthStream(watch.length);
  // Whatever it fails with is the reader's.
  pump(chunks, writable.getWriter());
  return readable;
}

async function* checked(chunks: AsyncGenerator<Uint8Array>, { idle_ms, hangUp, fault }: Watch) {
  try {
    for (;;) {
      const { done, value } = await inTime(chunks.next(), idle_ms);
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw fault(lossOf(error).reason);
  } finally {
    hangUp();
  }
}

async function inTime<T>(work: Promise<T>, limit_ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`sent nothing for ${limit_ms} ms`)), limit_ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** For a reader that keeps what it is given, while the buffer below is filled again. */
async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.slice();
}

async function pump(chunks: AsyncIterable<Uint8Array>, writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {});
  }
}

import { bytesOf } from '../../domain/byte-stream.ts';
import { AppError, invalid } from '../../domain/errors.ts';
import { tooLarge } from './body-limit.ts';

type Limits = {
  bytes_max: number;
  /** For the next bytes. */
  idle_ms: number;
  /** For all of them. */
  whole_ms: number;
};

/** The bytes of a request as they come, as long as they do come and are not too many. */
export async function* steadily(stream: ReadableStream<Uint8Array>, limits: Limits): AsyncGenerator<Uint8Array> {
  const { bytes_max, idle_ms, whole_ms } = limits;
  const until_ms = Date.now() + whole_ms;
  const chunks = bytesOf(stream);
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await inTime(chunks.next(), Math.min(idle_ms, until_ms - Date.now()));
      if (done) return;
      size += value.length;
      if (size > bytes_max) throw tooLarge(bytes_max);
      yield value;
    }
  } finally {
    // Not waited for: of a stream that has stalled it ends when the connection does.
    chunks.return(undefined).catch(() => {});
  }
}

async function inTime<T>(next: Promise<T>, limit_ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new AppError('request_timeout', 'The body does not come.')), limit_ms);
  try {
    return await Promise.race([next.catch(brokenOff), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Nobody is there any more to hear it; it is said for the log. */
function brokenOff(cause: unknown): never {
  const { message, details } = invalid('body', 'It breaks off.');
  throw new AppError('validation', message, details, cause);
}

import type { ServerResponse } from 'node:http';
import { Failure } from './failure.ts';

/** Aborted when the time is up, or when nobody waits for the answer any more. */
export function deadlineOf(response: ServerResponse, limit_ms: number): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new Failure(504, 'UNAVAILABLE Redis did not answer in time')),
    limit_ms,
  );
  const gone = () => controller.abort(new Failure(499, 'ERR the client has gone'));
  response.once('close', gone);
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      response.off('close', gone);
    },
  };
}

/** The work's result, or the signal's reason if that comes first. */
export async function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

import { AppError } from '../../domain/errors.ts';
import type { Asking } from '../ports.ts';
import { span } from '../span.ts';

/** What a request waits for storage at most, all questions together. The trips to the database have their own time. */
const STORAGE_MS = 5000;
const RETRY_AFTER_S = 5;

/** Does what a request needs of storage, in time, and notes how long it took. */
export async function inStorage<T>(
  asking: Pick<Asking, 'meter' | 'log' | 'traceparent'>,
  work: () => Promise<T>,
): Promise<T> {
  const { meter } = asking;
  const started = performance.now();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(tooLate()), STORAGE_MS);
  try {
    return await span(asking, 'storage', () => Promise.race([work(), late.promise]));
  } finally {
    clearTimeout(timer);
    meter.storage_ms = (meter.storage_ms ?? 0) + performance.now() - started;
  }
}

const tooLate = () =>
  new AppError(
    'storage_unavailable',
    'Files are out of reach.',
    { retry_after_s: RETRY_AFTER_S },
    new Error(`Storage was not done after ${STORAGE_MS} ms`),
  );

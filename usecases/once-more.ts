import { AppError } from '../domain/errors.ts';

/** Does it once more if what it decided on has moved meanwhile. */
export async function onceMore<T>(attempt: () => Promise<T>, hasMoved = isConflict): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!hasMoved(error)) throw error;
    return await attempt();
  }
}

/** One that names a time to wait for is no race: somebody holds the row. */
export const isConflict = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'conflict' && !error.details.retry_after_s;

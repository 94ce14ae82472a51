import { AppError, type ErrorCode } from '../../domain/errors.ts';

/** What was sent proves nothing. Why is for the log, not for who sent it. */
export class Refused extends Error {}

/** The same doubt is another answer to a client, to a webhook's sender and about a store's own API. */
export const onRefused =
  (code: ErrorCode, message: string, details = {}) =>
  (error: unknown): never => {
    if (error instanceof Refused) throw new AppError(code, message, details, error);
    throw error;
  };

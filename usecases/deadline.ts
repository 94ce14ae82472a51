import type { Meter } from './ports.ts';

/** Ends a statement when all of its request's together have taken so long; waiting for others does not count. */
export const leftOf = (meter: Meter, deadline_ms: number) => (): AbortSignal => {
  const left_ms = Math.ceil(deadline_ms - meter.db_ms);
  // A timer of nothing may still be behind an answer that is quick.
  return left_ms > 0
    ? AbortSignal.timeout(left_ms)
    : AbortSignal.abort(new DOMException('No time is left.', 'TimeoutError'));
};

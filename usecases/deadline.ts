import type { Meter } from './ports.ts';

/** Ends a statement when all of its request's together have taken so long; waiting for others does not count. */
export const leftOf = (meter: Meter, deadline_ms: number) => (): AbortSignal =>
  AbortSignal.timeout(Math.max(0, Math.ceil(deadline_ms - meter.db_ms)));

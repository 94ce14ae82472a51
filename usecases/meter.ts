import type { Meter } from './ports.ts';

/** For trips that no request is charged with, or before the first. */
export const newMeter = (): Meter => ({ trips: 0, db_ms: 0, auth_ms: 0 });

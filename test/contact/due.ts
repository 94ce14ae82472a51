import type { World } from '../home.ts';

/** Lets the time pass that a failed event waits for. */
export const afterAWhile = (world: World) =>
  world.rows('update outbox set run_at = now(), lease_until = null where done_at is null');

import { deleteOldCodes } from '../db/codes.ts';
import { deleteOldKeys } from '../db/idempotency.ts';
import { deleteOldCounters } from '../db/rate-counters.ts';
import { truncateAddresses } from '../db/readiness.ts';
import type { Ports } from '../usecases/ports.ts';
import { ringDue } from './ring.ts';

type Work = (ports: Pick<Ports, 'db' | 'ring' | 'log'>) => Promise<unknown>;

/** What runs when. `wrangler.toml` lists the same crons, and a test compares the two. */
export const CRONTAB: Record<string, Work> = {
  // every minute: whatever nobody was told of
  '* * * * *': ringDue,
  // at ten past each hour: what may be forgotten
  '10 * * * *': async ({ db }) => {
    await deleteOldKeys(db);
    await deleteOldCounters(db);
    await deleteOldCodes(db);
    await truncateAddresses(db);
  },
};

/** Runs what belongs to a cron expression. It throws what fails: the platform marks the run as failed and comes again. */
export async function runScheduled(cron: string, ports: Parameters<Work>[0]): Promise<void> {
  const work = CRONTAB[cron];
  if (!work) throw new Error(`Nothing is scheduled at ${cron}.`);
  await work(ports);
}

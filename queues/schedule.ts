import { deleteOldClaims } from '../db/claims.ts';
import type { Db } from '../db/client.ts';
import { deleteOldCodes } from '../db/codes.ts';
import { deleteOldDeliveries } from '../db/deliveries.ts';
import { deleteExpiredJobs } from '../db/expired-jobs.ts';
import { deleteOldKeys } from '../db/idempotency.ts';
import { failJobs } from '../db/long-jobs.ts';
import { deleteOldNotifications } from '../db/notices.ts';
import { deleteOldEvents } from '../db/outbox.ts';
import { deleteOldCounters } from '../db/rate-counters.ts';
import { truncateAddresses } from '../db/readiness.ts';
import { deleteOldSessions } from '../db/sessions.ts';
import { deleteOldShareCodes } from '../db/share-codes.ts';
import { deleteOldUploads } from '../db/uploads.ts';
import { deleteOldWebhooks } from '../db/webhooks.ts';
import { eraseUsers } from '../usecases/accounts/erase.ts';
import type { Ports } from '../usecases/ports.ts';
import { eraseResidences } from '../usecases/residences/erase.ts';
import { ringDue } from './ring.ts';
import { digest } from './ticks/digest.ts';
import { handToOrigin } from './ticks/hand-to-origin.ts';
import { onboard } from './ticks/onboard.ts';
import { remind } from './ticks/remind.ts';
import { renew } from './ticks/renew-vocabularies.ts';

type Work = (ports: Pick<Ports, 'db' | 'now' | 'ring' | 'log'>) => Promise<unknown>;

/** What a statement deletes at once, within its time; and how often in one run. The rest goes the next hour. */
const ROWS = 5000;
const ROUNDS = 20;

const inRounds =
  (deleteSome: (db: Db, limit: number, now: string) => PromiseLike<{ rowCount: number }>): Work =>
  async ({ db, now }) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { rowCount } = await deleteSome(db, ROWS, now());
      if (rowCount < ROWS) return;
    }
  };

/** What runs when, by name. All of it may run twice. `wrangler.toml` lists the same crons, and a test compares the two. */
export const CRONTAB: Record<string, Record<string, Work>> = {
  // every minute: whatever nobody was told of, and jobs that have failed for good
  '* * * * *': { ring: ringDue, failed: ({ db }) => failJobs(db) },
  // every quarter of an hour, since there are zones that differ by one: what people are to be told now
  '*/15 * * * *': { remind, digest, onboard },
  // at ten past each hour: what requests leave behind
  '10 * * * *': {
    keys: inRounds(deleteOldKeys),
    counters: inRounds(deleteOldCounters),
    codes: inRounds(deleteOldCodes),
    share_codes: inRounds(deleteOldShareCodes),
    sessions: inRounds(deleteOldSessions),
    uploads: inRounds(deleteOldUploads),
    addresses: ({ db }) => truncateAddresses(db),
  },
  // at twenty to: what jobs leave behind, and what nobody can have back any more
  '40 * * * *': {
    events: inRounds(deleteOldEvents),
    deliveries: inRounds(deleteOldDeliveries),
    claims: inRounds(deleteOldClaims),
    notifications: inRounds(deleteOldNotifications),
    webhooks: inRounds(deleteOldWebhooks),
    vocabularies: renew,
    long_jobs: inRounds(deleteExpiredJobs),
    residences: eraseResidences,
    users: eraseUsers,
  },
  // each night: whether storage holds what rows name, and nothing else; and what leaves the audit log
  '25 5 * * *': { storage: handToOrigin('storage.review_due'), audit: handToOrigin('audit.archive_due') },
};

/**
 * Runs what belongs to a cron expression, whatever becomes of the work before it. It throws what failed: the platform
 * marks the run as failed, and comes again.
 */
export async function runScheduled(cron: string, ports: Parameters<Work>[0]): Promise<void> {
  const works = CRONTAB[cron];
  if (!works) throw new Error(`Nothing is scheduled at ${cron}.`);
  const failed: unknown[] = [];
  for (const [name, work] of Object.entries(works)) {
    try {
      await work(ports);
    } catch (error) {
      ports.log('scheduled.failed', { cron, name, error: String(error) });
      failed.push(error);
    }
  }
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} of what runs at ${cron} failed.`);
}

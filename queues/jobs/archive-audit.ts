import type { Event } from '../../domain/event.ts';
import type { Job } from '../job.ts';

/** Moves what is past retention out of the audit log and into storage. */
export const archiveAudit: Job<Extract<Event, { type: 'audit.archive_due' }>, null, void> = {
  policy: { max_attempts: 3, deadline_ms: 60 * 60_000 },
  async act({ archiveAudit }) {
    if (!archiveAudit) throw new Error('The audit log is archived at the origin alone.');
    await archiveAudit();
  },
};

import { suppressDigests } from '../../db/suppressions.ts';
import { endWebhook, findWebhooks } from '../../db/webhooks.ts';
import type { Event } from '../../domain/event.ts';
import type { MailReport } from '../../domain/mail-report.ts';
import type { Job } from '../job.ts';

/** Sends nothing more to addresses that mail bounced from or that complained. A report that was handled is not found. */
export const applyReport: Job<Extract<Event, { type: 'mail.reported' }>, MailReport, void> = {
  read: findWebhooks<MailReport>,
  async act({ mailReports }, report) {
    if (report.kind === 'subscription') await mailReports.confirm(report);
  },
  effects: (db, done) =>
    done.flatMap(({ event, found }) => [
      ...(found?.kind === 'refusal' ? [suppressDigests(db, found.address_digests, found.reason)] : []),
      ...(found ? [endWebhook(db, event.webhook_id)] : []),
    ]),
};

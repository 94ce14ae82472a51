import type { MailReport } from '../../domain/mail-report.ts';
import type { Received } from '../../domain/subscription.ts';
import { keepWebhook } from '../keep-webhook.ts';
import type { Asking } from '../ports.ts';

/** Keeps what a carrier reports, once, and leaves the work to a job. What asks nothing of us is not kept. */
export async function receiveReport(ctx: Asking, report: MailReport | null): Promise<Received> {
  if (report !== null) await keepWebhook(ctx, 'mail.reported', report);
  return { received: true };
}

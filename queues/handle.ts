import type { Db, Statement } from '../db/client.ts';
import { welcome } from '../db/due-onboarding.ts';
import { tellOfCompletions, tellOfNewTasks } from '../db/notifications.ts';
import { findDeleted, findLinked, findRecipients } from '../db/recipients.ts';
import { accountDeleted, passwordChanged, signInLinked } from '../domain/mails/account.ts';
import type { Job, Jobs } from './job.ts';
import { acknowledgePurchases } from './jobs/acknowledge-purchases.ts';
import { applyWebhook } from './jobs/apply-webhook.ts';
import { mailCode } from './jobs/mail-code.ts';
import { mailNotice } from './jobs/mail-notice.ts';
import { sendReminder } from './jobs/send-reminder.ts';
import { tellFormerAddress } from './jobs/tell-former-address.ts';

const nobodyIsTold: Job = {};

/** What follows from each event. */
export const JOBS: Jobs = {
  'user.registered': { ...mailCode('verify_email'), effects: welcomed },
  'user.verification_requested': mailCode('verify_email'),
  'user.reset_requested': mailCode('reset_password'),
  'user.email_change_requested': mailCode('change_email'),
  'user.email_changed': tellFormerAddress,
  'user.password_changed': mailNotice(findRecipients, passwordChanged),
  'user.identity_linked': mailNotice(findLinked, signInLinked),
  'user.deleted': mailNotice(findDeleted, accountDeleted),
  'user.signed_in': nobodyIsTold,
  'user.signed_out': nobodyIsTold,
  'user.updated': nobodyIsTold,
  'user.verified': { effects: welcomed },
  'residence.created': nobodyIsTold,
  'residence.updated': nobodyIsTold,
  'residence.deleted': nobodyIsTold,
  'residence.restored': nobodyIsTold,
  'residence.paused': nobodyIsTold,
  'residence.resumed': nobodyIsTold,
  'residence.transferred': nobodyIsTold,
  'residence.code_made': nobodyIsTold,
  'residence.code_revoked': nobodyIsTold,
  'member.joined': nobodyIsTold,
  'member.left': nobodyIsTold,
  'member.removed': nobodyIsTold,
  'member.role_changed': nobodyIsTold,
  'task.created': { effects: (db, done) => [tellOfNewTasks(db, idsOf(done))] },
  'tasks.created': nobodyIsTold,
  'task.updated': nobodyIsTold,
  'task.assigned': nobodyIsTold,
  'task.deleted': nobodyIsTold,
  'task.started': nobodyIsTold,
  'task.stopped': nobodyIsTold,
  'task.cancelled': nobodyIsTold,
  'task.uncancelled': nobodyIsTold,
  'task.archived': nobodyIsTold,
  'task.unarchived': nobodyIsTold,
  'task.skipped': nobodyIsTold,
  'task.completed': { effects: (db, done) => [tellOfCompletions(db, idsOf(done))] },
  'completion.updated': nobodyIsTold,
  'completion.deleted': nobodyIsTold,
  'contractor.created': nobodyIsTold,
  'contractor.updated': nobodyIsTold,
  'contractor.deleted': nobodyIsTold,
  'calendar.created': nobodyIsTold,
  'calendar.revoked': nobodyIsTold,
  'subscription.changed': acknowledgePurchases,
  'subscription.page_opened': nobodyIsTold,
  'webhook.received': applyWebhook,
  'notification.read': nobodyIsTold,
  'notifications.read': nobodyIsTold,
  'preferences.updated': nobodyIsTold,
  'device.registered': nobodyIsTold,
  'device.deleted': nobodyIsTold,
  'reminder.claimed': sendReminder,
};

function welcomed(db: Db, done: { event_id: number }[]): Statement[] {
  return [welcome(db, idsOf(done))];
}

function idsOf(done: { event_id: number }[]): number[] {
  return done.map(({ event_id }) => event_id);
}

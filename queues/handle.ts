import { welcome } from '../db/due-onboarding.ts';
import { tellOf } from '../db/notices.ts';
import { findDeleted, findLinked, findRecipients } from '../db/recipients.ts';
import { accountDeleted, passwordChanged, signInLinked } from '../domain/mails/account.ts';
import type { Job, Jobs } from './job.ts';
import { acknowledgePurchases } from './jobs/acknowledge-purchases.ts';
import { applyReport } from './jobs/apply-report.ts';
import { applyWebhook } from './jobs/apply-webhook.ts';
import { archiveAudit } from './jobs/archive-audit.ts';
import { discardFile } from './jobs/discard-file.ts';
import { forgetCopies } from './jobs/forget-copies.ts';
import { mailCode } from './jobs/mail-code.ts';
import { mailContact } from './jobs/mail-contact.ts';
import { mailNotice } from './jobs/mail-notice.ts';
import { mailResult } from './jobs/mail-result.ts';
import { makePaper } from './jobs/make-paper.ts';
import { posted } from './jobs/post.ts';
import { prepareFile } from './jobs/prepare-file.ts';
import { readText } from './jobs/read-text.ts';
import { reviewStorage } from './jobs/review-storage.ts';
import { addressPush, sendPush } from './jobs/send-push.ts';
import { sendReminder } from './jobs/send-reminder.ts';
import { tellFormerAddress } from './jobs/tell-former-address.ts';

const nobodyIsTold: Job = {};
const tell: Job = { effects: (db, done) => [tellOf(db, idsOf(done))] };
const mailVerification = mailCode('verify_email');
const mailCodeAndWelcome: typeof mailVerification = {
  ...mailVerification,
  effects: (db, done) => [...posted(db, done), welcome(db, idsOf(done))],
};

/** What follows from each event. */
export const JOBS: Jobs = {
  'user.registered': mailCodeAndWelcome,
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
  'user.verified': { effects: (db, done) => [welcome(db, idsOf(done))] },
  'residence.created': nobodyIsTold,
  'residence.updated': nobodyIsTold,
  'residence.deleted': nobodyIsTold,
  'residence.restored': nobodyIsTold,
  'residence.paused': nobodyIsTold,
  'residence.resumed': nobodyIsTold,
  'residence.transferred': nobodyIsTold,
  'residence.code_made': nobodyIsTold,
  'residence.code_revoked': nobodyIsTold,
  'member.joined': tell,
  'member.left': nobodyIsTold,
  'member.removed': nobodyIsTold,
  'member.role_changed': nobodyIsTold,
  'task.created': tell,
  'tasks.created': tell,
  'task.updated': nobodyIsTold,
  'task.assigned': tell,
  'task.deleted': nobodyIsTold,
  'task.started': nobodyIsTold,
  'task.stopped': nobodyIsTold,
  'task.cancelled': nobodyIsTold,
  'task.uncancelled': nobodyIsTold,
  'task.archived': nobodyIsTold,
  'task.unarchived': nobodyIsTold,
  'task.skipped': nobodyIsTold,
  'task.completed': tell,
  'completion.updated': nobodyIsTold,
  'completion.deleted': nobodyIsTold,
  'contractor.created': nobodyIsTold,
  'contractor.updated': nobodyIsTold,
  'contractor.deleted': nobodyIsTold,
  'document.created': nobodyIsTold,
  'document.updated': nobodyIsTold,
  'document.deleted': nobodyIsTold,
  'upload.promised': nobodyIsTold,
  'file.added': prepareFile,
  'file.discarded': discardFile,
  'storage.review_due': reviewStorage,
  'audit.archive_due': archiveAudit,
  'copies.outdated': forgetCopies,
  'text.requested': readText,
  'contact.received': mailContact,
  'report.requested': makePaper,
  'export.requested': makePaper,
  'job.finished': mailResult,
  'job.ended': nobodyIsTold,
  'calendar.created': nobodyIsTold,
  'calendar.revoked': nobodyIsTold,
  'subscription.changed': acknowledgePurchases,
  'subscription.page_opened': nobodyIsTold,
  'webhook.received': applyWebhook,
  'mail.reported': applyReport,
  'notification.read': nobodyIsTold,
  'notifications.read': nobodyIsTold,
  'preferences.updated': nobodyIsTold,
  'device.registered': nobodyIsTold,
  'device.deleted': nobodyIsTold,
  'reminder.claimed': sendReminder,
  'push.claimed': addressPush,
  'push.addressed': sendPush,
};

function idsOf(done: { event_id: number }[]): number[] {
  return done.map(({ event_id }) => event_id);
}
